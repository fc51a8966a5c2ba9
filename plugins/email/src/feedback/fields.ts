/** Fields as in the head of a mail: names in lower case, folded lines joined, the first of a name counts. */
export type Fields = ReadonlyMap<string, string>;

/** The blocks of a report, which blank lines divide (RFC 3464, RFC 5965). */
export const blocksIn = (text: string): Fields[] =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n+/)
    .map(fieldsIn)
    .filter((fields) => fields.size > 0);

export function fieldsIn(block: string): Fields {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}

/** `smtp; 550 5.1.1 no such user` without the part that names the kind. */
export const untyped = (value: string | undefined): string => (value ?? '').replace(/^[\w-]+[ \t]*;/, '').trim();

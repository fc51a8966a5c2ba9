import { readFile } from 'node:fs/promises';

/** Options of a plugin's own on the command line. */
export interface GivenOptions {
  /** Each `key=value`. */
  readonly option?: readonly string[];
  /** A file with a JSON object. */
  readonly options?: string;
}

/** They are named like the command's own, so they are gathered here: the file first, then each `--option`. */
export const optionsOf = async ({ option = [], options }: GivenOptions): Promise<Record<string, unknown>> => ({
  ...(options === undefined ? {} : await readOptions(options)),
  ...pairs(option),
});

async function readOptions(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8');
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  throw new Error(`${path} must hold a JSON object.`);
}

const pairs = (words: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) throw new Error(`--option ${word}: write it as key=value.`);
      return [name, settingOf(value)];
    }),
  );

/** `true`, numbers, objects and lists are what they look like; quote a text that looks like one: `--option store='"001"'`. */
function settingOf(text: string): unknown {
  if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?|".*"|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

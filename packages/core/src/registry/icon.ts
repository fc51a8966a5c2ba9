const mostBytes = 8 * 1024;

/** What would run, or load something, when a console shows the icon. */
const dangers: readonly (readonly [RegExp, string])[] = [
  [/<!(?:doctype|entity)/i, 'declares entities'],
  [
    /<\s*(?:\w+:)?(?:script|foreignobject|iframe|object|embed|image|feimage|audio|video|a|handler|listener)\b/i,
    'has an element that runs or loads something',
  ],
  [/[\s"'/]on[a-z]+\s*=/i, 'handles events'],
  [/\b(?:href|src)\s*=\s*["']?\s*(?!["']?\s*#)/i, 'links out of itself'],
  [/url\(\s*["']?\s*(?!["']?\s*#)/i, 'loads something by url()'],
  [/@import|javascript:|expression\(/i, 'imports or runs something'],
];

/** Why this cannot be shown as a plugin's icon, or `undefined` where it can: one SVG of at most 8 KiB that runs and loads nothing. */
export function iconFault(icon: string): string | undefined {
  const bytes = Buffer.byteLength(icon);
  if (bytes > mostBytes) return `has ${bytes} bytes; ${mostBytes} is the most`;
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?<svg[\s>][\s\S]*<\/svg>\s*$/.test(icon)) return 'is not one SVG';
  // Signs can be written as character references, which hide a word from a search but not from a browser.
  const plain = icon.replace(/&#(?:x([0-9a-f]+)|(\d+));?/gi, (_, hex?: string, decimal?: string) => {
    const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
  return dangers.find(([danger]) => danger.test(plain) || danger.test(icon))?.[1];
}

import { withoutMarks } from './text.ts';

const women = new Set(['f', 'female', 'woman', '女', '女性', 'じょせい', '2']);
const men = new Set(['m', 'male', 'man', '男', '男性', 'だんせい', '1']);

/** `f` or `m`, from the usual words and the numbers of ISO 5218; anything else says neither. */
export function gender(raw: string): 'f' | 'm' | undefined {
  const word = withoutMarks(raw);
  if (women.has(word)) return 'f';
  return men.has(word) ? 'm' : undefined;
}

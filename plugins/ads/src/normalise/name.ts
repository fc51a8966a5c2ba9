import { fold, withoutMarks } from './text.ts';

const japanese = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\u3005]';
const spacing = new RegExp(`(?<=${japanese})\\s+(?=${japanese})`, 'gu');

/**
 * A given or family name: small letters, no marks, one blank between words and none between Japanese characters, where blanks
 * only fill a column. Kana keep their kind: タロウ and たろう are two spellings on the platforms too.
 */
export const personName = (raw: string): string | undefined => fold(withoutMarks(raw).replace(spacing, '')) || undefined;

const before = /^(?:(?:mr|mrs|ms|miss|dr|prof) )+(?=.)/u;
const after = /(?<=.)(?: (?:jr|sr|ii|iii|iv|phd|md))+$/u;

/** A given name without titles: "Mrs. Mary" is mary. */
export const untitledGivenName = (raw: string): string | undefined => personName(raw)?.replace(before, '');

/** A family name without what only tells generations apart: "Smith, Jr." is smith. */
export const untitledFamilyName = (raw: string): string | undefined => personName(raw)?.replace(after, '');

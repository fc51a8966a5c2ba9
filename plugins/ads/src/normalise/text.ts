/**
 * One spelling of a text: full-width letters and digits become plain, half-width kana full, letters small; characters that
 * cannot be seen go. Composed once more at the end, because what was apart may now stand together.
 */
export const fold = (raw: string): string =>
  raw
    .normalize('NFKC')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim();

const marks = /[\p{P}\p{S}]/gu;

/** Letters and digits of any script, without marks. The sign of a long vowel and 々 are letters. */
export const withoutMarks = (raw: string): string => fold(fold(raw).replace(marks, ''));

/** The same, in one piece: how the names of places are compared. */
export const inOnePiece = (raw: string): string => fold(withoutMarks(raw).replace(/\s+/gu, ''));

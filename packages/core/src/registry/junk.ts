/** Values that programs write where nobody is known. Tied together they would make one giant customer of strangers. */
const words = new Set([
  'null',
  'undefined',
  'none',
  'nil',
  'nan',
  'n/a',
  'na',
  'unknown',
  'anonymous',
  'anon',
  'guest',
  'user',
  'customer',
  'member',
  'test',
  'tester',
  'testuser',
  'admin',
  'dummy',
  'sample',
  'example',
  'default',
  'true',
  'false',
  'empty',
  'blank',
  'void',
  'nobody',
  'noone',
  'id',
  'userid',
  'user_id',
  'email',
  'phone',
  '[object object]',
  '{}',
  '[]',
  'ゲスト',
  '名無し',
  'なし',
  '無し',
  '不明',
  'テスト',
]);
const mailboxes = new Set([
  'test@test',
  'test@test.com',
  'test@test.co.jp',
  'test@test.jp',
  'test@example.com',
  'a@a.com',
  'aaa@aaa.com',
  'user@example.com',
  'email@example.com',
  'none@none.com',
  'noreply@example.com',
  'no@no.com',
  'null@null.com',
]);

/** Whether a value identifies nobody: placeholders, zeros and dashes, one character repeated, made-up mailboxes. */
export function isJunk(value: string): boolean {
  const folded = value
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
    .toLowerCase();
  return (
    words.has(folded) ||
    mailboxes.has(folded) ||
    !/[\p{L}\p{N}]/u.test(folded.replace(/[0ー]/gu, '')) ||
    folded === '-1' ||
    /^(.)\1{6,}$/u.test(folded)
  );
}

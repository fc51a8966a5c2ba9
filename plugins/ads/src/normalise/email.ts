import { fold } from './text.ts';

const shape = /^[^\s@<>(),;:"[\]\\]+@(?:[^\s@.<>(),;:"[\]\\]+\.)+[^\s@.<>(),;:"[\]\\]{2,}$/u;

/** Small letters, no blanks, nothing else changed; `undefined` where it is no address. */
export function email(raw: string): string | undefined {
  const value = fold(raw).replace(/\s+/gu, '');
  return value.length <= 254 && shape.test(value) ? value : undefined;
}

/**
 * The same, and at gmail.com and googlemail.com without dots and without what follows a plus: one mailbox there has many
 * spellings. Every dot goes, not the first one alone. Elsewhere dots and pluses tell mailboxes apart.
 */
export function emailWithGmailRule(raw: string): string | undefined {
  const value = email(raw);
  if (value === undefined) return undefined;
  const at = value.lastIndexOf('@');
  const domain = value.slice(at + 1);
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return value;
  const [mailbox = ''] = value.slice(0, at).split('+');
  const local = mailbox.replaceAll('.', '');
  return local === '' ? undefined : `${local}@${domain}`;
}

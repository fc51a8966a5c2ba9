import { email } from './email.ts';
import { type PhoneForm, phone } from './phone.ts';
import { asItIs, hashed, plain, type Table } from './rule.ts';

/**
 * What LINE Ads and Yahoo! JAPAN Ads take in files: one kind of value to a file. E-mail without salt; advertising ids are not
 * hashed. Neither says in public which form of a phone number is hashed: the operator's setting decides.
 * Source: LINE for Business manual, "e-mail upload"; Yahoo! JAPAN Ads help, "audience list of customer data".
 */
export const japaneseFile = (form: PhoneForm) =>
  ({
    email: [hashed('email', email)],
    phone: [hashed('phone', phone(form))],
    advertisingId: [plain('advertising-id', asItIs)],
  }) as const satisfies Table;

import { country } from './country.ts';
import { emailWithGmailRule } from './email.ts';
import { untitledFamilyName, untitledGivenName } from './name.ts';
import { phone } from './phone.ts';
import { writtenPostalCode } from './postal-code.ts';
import { hashed, plain, type Table } from './rule.ts';

/**
 * Customer Match. Phones keep their plus; names are SHA-256, but country and postal code are read as they are.
 * Source: Google, Data Manager API, "Format user data".
 */
export const google = {
  email: [hashed('emailAddress', emailWithGmailRule)],
  phone: [hashed('phoneNumber', phone('e164'))],
  givenName: [hashed('givenName', untitledGivenName)],
  familyName: [hashed('familyName', untitledFamilyName)],
  country: [plain('regionCode', country)],
  postalCode: [plain('postalCode', writtenPostalCode)],
} as const satisfies Table;

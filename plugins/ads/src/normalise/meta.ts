import { birthday, compactBirthday } from './birthday.ts';
import { country } from './country.ts';
import { email } from './email.ts';
import { gender } from './gender.ts';
import { personName } from './name.ts';
import { phone } from './phone.ts';
import { city, prefecture } from './place.ts';
import { compactPostalCode } from './postal-code.ts';
import { asItIs, hashed, plain, type Table } from './rule.ts';

const digits = phone('digits');
const smallCountry = (raw: string): string | undefined => country(raw)?.toLowerCase();
const device = (raw: string): string | undefined => asItIs(raw.toLowerCase());

/**
 * Custom Audiences: the multi-key columns. EXTERN_ID and MADID are read as they are, everything else is SHA-256.
 * Dots of Gmail addresses stay. Source: Meta, "Custom Audience Users" and "Customer File Custom Audiences".
 */
export const metaAudience = {
  email: [hashed('EMAIL', email)],
  phone: [hashed('PHONE', digits)],
  givenName: [hashed('FN', personName)],
  familyName: [hashed('LN', personName)],
  birthday: [
    hashed('DOBY', (raw) => birthday(raw)?.year, 'refuse'),
    hashed('DOBM', (raw) => birthday(raw)?.month, 'refuse'),
    hashed('DOBD', (raw) => birthday(raw)?.day, 'refuse'),
  ],
  gender: [hashed('GEN', gender)],
  postalCode: [hashed('ZIP', compactPostalCode)],
  prefecture: [hashed('ST', prefecture)],
  city: [hashed('CT', city)],
  country: [hashed('COUNTRY', smallCountry)],
  externalId: [plain('EXTERN_ID', asItIs, 'pass')],
  advertisingId: [plain('MADID', device)],
} as const satisfies Table;

/**
 * Conversions API: the keys of `user_data`. What a browser made (`fbc`, `fbp`, its address and its name) is never hashed.
 * Source: Meta, "Customer Information Parameters".
 */
export const metaConversion = {
  email: [hashed('em', email)],
  phone: [hashed('ph', digits)],
  givenName: [hashed('fn', personName)],
  familyName: [hashed('ln', personName)],
  birthday: [hashed('db', compactBirthday)],
  gender: [hashed('ge', gender)],
  postalCode: [hashed('zp', compactPostalCode)],
  prefecture: [hashed('st', prefecture)],
  city: [hashed('ct', city)],
  country: [hashed('country', smallCountry)],
  externalId: [plain('external_id', asItIs, 'pass')],
  advertisingId: [plain('madid', device)],
  clickId: [plain('fbc', asItIs)],
  browserId: [plain('fbp', asItIs)],
  ipAddress: [plain('client_ip_address', asItIs)],
  userAgent: [plain('client_user_agent', asItIs)],
} as const satisfies Table;

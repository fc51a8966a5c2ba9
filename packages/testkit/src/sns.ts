import { generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { withBody, withHeaders } from './request.ts';
import type { Signer } from './signers.ts';

export interface SnsKeys {
  readonly privateKey: KeyObject;
  /** What the fake vendor serves where Amazon serves its certificate: PEM of the public key, which `createPublicKey` reads alike. */
  readonly certificate: string;
}

/** A fresh key of Amazon SNS's kind. */
export function snsKeys(): SnsKeys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, certificate: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

export interface SnsOptions {
  readonly privateKey: KeyObject;
  /** Where the plugin finds the certificate: `SigningCertURL`. */
  readonly certUrl: string;
  /** `1` is RSA with SHA-1, `2` with SHA-256. Default `2`. */
  readonly version?: '1' | '2';
}

/** The fields that are signed, in byte order; those a message does not have are left out. */
const signed = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** Amazon SNS: the signature of `Key\nValue\n` lines goes into the JSON it signs. */
export const signSns =
  ({ privateKey, certUrl, version = '2' }: SnsOptions): Signer =>
  (request) => {
    const message = JSON.parse(Buffer.from(request.body).toString()) as Record<string, string>;
    const lines = signed.filter((key) => message[key] !== undefined).map((key) => `${key}\n${message[key]}\n`);
    const signature = signBytes(version === '1' ? 'sha1' : 'sha256', Buffer.from(lines.join('')), privateKey).toString('base64');
    const whole = { ...message, SignatureVersion: version, Signature: signature, SigningCertURL: certUrl };
    return withHeaders(withBody(request, JSON.stringify(whole)), { 'x-amz-sns-message-type': message.Type ?? 'Notification' });
  };

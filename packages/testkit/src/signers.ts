import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import type { RawRequest, SignatureOptions } from '@enishi/plugin-sdk';
import { withBody, withHeaders } from './request.ts';

/** Adds a vendor's proof to a request. */
export type Signer = (request: RawRequest) => RawRequest;

/**
 * HMAC-SHA256 of the raw body in a header, with the options of `hmacSignature` of the SDK: Base64 (LINE, Shopify, WooCommerce),
 * hex (EC-CUBE), hex behind `sha256=` (Meta), or of the address and the body (Square: `before: () => url`).
 */
export const signHmac =
  ({ header, secret, encoding, prefix = '', before }: SignatureOptions): Signer =>
  (request) => {
    const digest = createHmac('sha256', secret)
      .update(before?.(request) ?? '')
      .update(request.body)
      .digest(encoding);
    return withHeaders(request, { [header]: prefix + digest });
  };

/** A shared secret in a header, for vendors who sign nothing (Smaregi, Movement SDK). */
export const sendSecret =
  (header: string, secret: string): Signer =>
  (request) =>
    withHeaders(request, { [header]: secret });

/** A shared secret as a field of the form (Foursquare's user push). */
export const sendSecretInForm =
  (field: string, secret: string): Signer =>
  (request) => {
    const form = new URLSearchParams(Buffer.from(request.body).toString());
    form.set(field, secret);
    return withBody(request, form.toString());
  };

const base64url = (value: string): string => Buffer.from(value).toString('base64url');

/** Meta's `signed_request`: Base64url HMAC-SHA256 of the encoded payload, a dot, the payload. */
export function signedRequest(payload: Readonly<Record<string, unknown>>, secret: string): string {
  const encoded = base64url(JSON.stringify(payload));
  return `${createHmac('sha256', secret).update(encoded).digest('base64url')}.${encoded}`;
}

/** Puts the form's field `signed_request` in front of what it signs: the body is the payload as JSON before, the form after. */
export const signMetaForm =
  (secret: string): Signer =>
  (request) => {
    const payload = JSON.parse(Buffer.from(request.body).toString()) as Record<string, unknown>;
    const form = new URLSearchParams({ signed_request: signedRequest(payload, secret) });
    return withHeaders(withBody(request, form.toString()), { 'content-type': 'application/x-www-form-urlencoded' });
  };

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** As the vendor publishes it: Base64 of the DER of its SPKI. */
  readonly publicKey: string;
}

/** A fresh key of SendGrid's kind. */
export function ecdsaKeys(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** SendGrid's event webhook: ECDSA P-256 with SHA-256, Base64 DER, of the timestamp and the raw body. */
export const signSendGrid =
  (privateKey: KeyObject, now: () => Date = () => new Date()): Signer =>
  (request) => {
    const timestamp = String(Math.floor(now().getTime() / 1000));
    const signature = signBytes('sha256', Buffer.concat([Buffer.from(timestamp), request.body]), privateKey).toString('base64');
    return withHeaders(request, {
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    });
  };

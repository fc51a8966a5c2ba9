import { createHmac } from 'node:crypto';

/** Standard Webhooks (standardwebhooks.com, spec of 2023): `v1,` and the Base64 HMAC-SHA256 of `id.timestamp.body`. */
export function sign({ secret, id, timestamp, body }: Record<'secret' | 'id' | 'timestamp' | 'body', string>): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

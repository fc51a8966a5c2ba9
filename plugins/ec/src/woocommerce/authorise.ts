import { createHmac, randomUUID } from 'node:crypto';

export interface WooKey {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/**
 * A question with what proves who asks. WooCommerce takes the secret itself by HTTPS only; by plain HTTP, where it would be anybody's to read,
 * each question is signed instead: OAuth 1.0a without a token.
 */
export function authorised(question: URL, { consumerKey, consumerSecret }: WooKey, now: Date) {
  if (question.protocol === 'https:') {
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
    return { url: question, headers: { authorization: `Basic ${basic}` } };
  }
  const url = new URL(question);
  const signed = {
    oauth_consumer_key: consumerKey,
    // A number that was used before is refused.
    oauth_nonce: randomUUID().replaceAll('-', ''),
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(now.getTime() / 1000)),
  };
  for (const [name, value] of Object.entries(signed)) url.searchParams.set(name, value);
  url.searchParams.sort();
  const parameters = [...url.searchParams].map((pair) => pair.map(encoded).join('=')).join('&');
  const text = ['GET', `${url.origin}${url.pathname}`, parameters].map(encoded).join('&');
  url.searchParams.set('oauth_signature', createHmac('sha256', `${consumerSecret}&`).update(text).digest('base64'));
  return { url, headers: {} };
}

/** As RFC 3986 has it, which leaves less as it is than the language does. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

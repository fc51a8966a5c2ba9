const hidden = '[redacted]';

/** A query parameter that carries a secret or a person, by its name. */
const secretParameter = /^(?:.*(?:key|token|secret|signature|password|sig|auth|code|state|nonce)|email|mail|phone|tel|name)$/i;
const address = /[^\s/?&=#"'<>[\]]+(?:@|%40)[^\s/?&=#"'<>[\]]+/gi;
const apiKey = /eni_[\w-]{8,}/g;

const credentials = /([a-z][a-z+]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi;

/** Text without keys, e-mail addresses and passwords in addresses of databases. */
export const redactText = (text: string): string =>
  text.replace(credentials, `$1${hidden}@`).replace(apiKey, hidden).replace(address, hidden);

/** A request's address as it may be kept: no keys, no tokens, no mail addresses. */
export function redactUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return redactText(path);
  const parts = query.split('&').map((part) => {
    const [name = '', value] = part.split('=', 2);
    return value !== undefined && secretParameter.test(name) ? `${name}=${hidden}` : redactText(part);
  });
  return `${redactText(path)}?${parts.join('&')}`;
}

/** What a log keeps of an error. PostgreSQL puts the offending row's values in `detail`, so that one stays out. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: redactText(String(error)) };
  const { name, message, stack } = error;
  const code = 'code' in error ? { code: String(error.code) } : {};
  const cause = error.cause === undefined ? {} : { cause: errorFacts(error.cause) };
  return { type: name, message: redactText(message), ...code, stack: redactText(stack ?? ''), ...cause };
}

import type { RawRequest } from '@enishi/plugin-sdk';

const isForm = ({ headers }: RawRequest): boolean =>
  (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');

/** One text of a form or of a JSON object, from the raw body: a secret is compared before anything else is read. */
export function fieldOf(request: RawRequest, name: string): string | undefined {
  const text = Buffer.from(request.body).toString();
  if (isForm(request)) return new URLSearchParams(text).get(name) ?? undefined;
  try {
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

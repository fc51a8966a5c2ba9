/** What a shell may rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** An error as one line a person can act on, or several where each line names another fault. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const known = hints[code];
  if (known !== undefined) return `${known} (${code})`;
  const message = error instanceof AggregateError ? error.errors.map((one) => sentenceOf(one)).join('; ') : error.message;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${message}${cause}`.trim() || error.name;
}

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at the database address: is PostgreSQL running, is DATABASE_URL right?',
  ENOTFOUND: 'The host of DATABASE_URL is unknown.',
  ETIMEDOUT: 'The database does not answer: is a firewall in between?',
  '28P01': 'The database refused the password of DATABASE_URL.',
  '28000': 'The database refused this user.',
  '3D000': 'The database of DATABASE_URL does not exist: create it first.',
  '42P01': 'The database has not been migrated: run enishi migrate.',
  '42703': 'The database is older than this Enishi: run enishi migrate.',
  '42883': 'The database has not been migrated: run enishi migrate.',
  '22023': 'The database has no role enishi_app yet: run enishi migrate.',
  '42501': 'The database user may not do this: migrations need the owner (DATABASE_OWNER_URL).',
  EADDRINUSE: 'The port is taken: stop the other process, or choose one with PORT or --port.',
};

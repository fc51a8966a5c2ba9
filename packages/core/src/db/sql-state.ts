/** The code an error carries: PostgreSQL's SQLSTATE, or the system's where the connection failed, such as `ECONNRESET`. Empty where it has none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** One thing looked at: how it is, and what to do where it is not well. */
export interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly advice?: string;
}

export const ok = (about: string, found: string): Finding => ({ about, state: 'ok', found });
export const warn = (about: string, found: string, advice: string): Finding => ({ about, state: 'warn', found, advice });
export const fail = (about: string, found: string, advice: string): Finding => ({ about, state: 'fail', found, advice });

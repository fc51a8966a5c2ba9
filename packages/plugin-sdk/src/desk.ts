/** Remembers JSON values for one plugin in one workspace, safe across processes. A plugin needs no tables of its own. */
export interface StateStore {
  /** The value kept under a key, or `undefined`. */
  get<TValue>(key: string): Promise<TValue | undefined>;
  /** Keeps a value of at most 64 KiB of JSON. `secret` encrypts it at rest; `forSeconds` lets it be forgotten. */
  set(key: string, value: unknown, options?: { readonly secret?: boolean; readonly forSeconds?: number }): Promise<void>;
  delete(key: string): Promise<void>;
  /** Answers the value and removes it, for exactly one caller: for nonces and other things that count once. */
  take<TValue>(key: string): Promise<TValue | undefined>;
}

/** Writes to the host's log; secrets of the plugin are redacted. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** What running code of a plugin may use. It has no other way out: hosts that were not declared are refused. */
export interface Desk {
  /** Key of the workspace this runs for. */
  readonly workspace: string;
  readonly state: StateStore;
  readonly log: Log;
  readonly now: () => Date;
  /**
   * Like the global one, but only to the hosts the plugin declares, never to an internal address, following no redirect
   * away from them; the answer's body may have 10 MiB. Throws `HostRefused` or `TypeError`.
   */
  readonly fetch: typeof fetch;
  /** Aborted when time is up or the host shuts down. */
  readonly signal: AbortSignal;
}

/** The host of an address as `hosts` wants it: with its port where that is not 443, so that `http://gateway.internal/` can be declared too. */
export function hostOf(address: string | URL): string {
  const { protocol, hostname, port } = new URL(address);
  if (port !== '') return `${hostname}:${port}`;
  return protocol === 'http:' ? `${hostname}:80` : hostname;
}

/** The plugin tried to reach a host it has not declared, or one that leads inside. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

/** Thrown where a partner says when to come back: the host tries the same again after this many seconds. */
export class ComeBackLater extends Error {
  override readonly name = 'ComeBackLater';
  readonly afterSeconds: number;
  constructor(afterSeconds: number, message = `asked to come back after ${afterSeconds} s`) {
    super(message);
    this.afterSeconds = afterSeconds;
  }
}

/** Thrown where asking again is no use: the host keeps what was to be done with this reason, for an operator to see and replay. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

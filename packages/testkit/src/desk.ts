import type { Desk, Log, StateStore } from '@enishi/plugin-sdk';
import { fetchFrom } from './hosts.ts';

export interface DeskOptions {
  /** Hosts its `fetch` reaches, as a plugin declares them: a fake vendor's `host`, or `plugin.hosts`. Default none. */
  readonly hosts?: readonly string[];
  /** Default `main`. */
  readonly workspace?: string;
  /** Default the real clock. What is kept `forSeconds` is forgotten by it: see `clock()`. */
  readonly now?: () => Date;
  /** Default one that is never aborted. */
  readonly signal?: AbortSignal;
}

/** One line a plugin has written to the log, before anything is redacted. */
export interface Logged {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A desk for a plugin on its own: nothing but memory and the hosts it is given. */
export interface TestDesk extends Desk {
  /** Everything logged so far. */
  readonly logged: readonly Logged[];
  /** The keys the state holds now, with whether each was set as a secret. */
  readonly kept: () => Readonly<Record<string, { readonly secret: boolean }>>;
}

/** A desk as the host gives one to a plugin, with a state in memory, a log that can be read and a real `fetch`. */
export function createDesk(options: DeskOptions = {}): TestDesk {
  const { hosts = [], workspace = 'main', now = () => new Date(), signal = new AbortController().signal } = options;
  const logged: Logged[] = [];
  const write =
    (level: Logged['level']): Log['info'] =>
    (message, details = {}) =>
      void logged.push({ level, message, details });
  const { state, kept } = memoryState(now);
  return {
    workspace,
    state,
    log: { info: write('info'), warn: write('warn') },
    now,
    fetch: fetchFrom(hosts, signal),
    signal,
    logged,
    kept,
  };
}

const mostBytes = 64 * 1024;

interface Entry {
  readonly json: string;
  readonly secret: boolean;
  readonly until: number;
}

function memoryState(now: () => Date): Pick<TestDesk, 'state' | 'kept'> {
  const entries = new Map<string, Entry>();
  const alive = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.until > now().getTime()) return entry;
    entries.delete(key);
    return undefined;
  };
  // Values go through JSON as they do in the database: a Date comes back as text, what is undefined is lost.
  const read = <TValue>(entry: Entry | undefined): TValue | undefined => entry && (JSON.parse(entry.json) as TValue);
  const state: StateStore = {
    get: async (key) => read(alive(key)),
    set: async (key, value, { secret = false, forSeconds = Number.POSITIVE_INFINITY } = {}) => {
      const json = JSON.stringify(value);
      if (json === undefined) throw new TypeError(`"${key}" is set to what is no JSON`);
      if (Buffer.byteLength(json) > mostBytes) throw new RangeError(`"${key}" is larger than ${mostBytes} bytes of JSON`);
      entries.set(key, { json, secret, until: now().getTime() + forSeconds * 1000 });
    },
    delete: async (key) => void entries.delete(key),
    take: async (key) => {
      const entry = alive(key);
      entries.delete(key);
      return read(entry);
    },
  };
  const keys = (): string[] => [...entries.keys()].filter((key) => alive(key));
  return { state, kept: () => Object.fromEntries(keys().map((key) => [key, { secret: alive(key)?.secret ?? false }])) };
}

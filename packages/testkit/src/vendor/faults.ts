import type { Fault, VendorAnswer, VendorRequest } from './answer.ts';

export interface FaultOptions {
  /** For how many calls. Default until `heal()`. */
  readonly times?: number;
  /** Only calls whose `METHOD /path` begins with this. Default all. */
  readonly on?: string;
}

export interface Faults {
  readonly fault: (fault: Fault, options?: FaultOptions) => void;
  readonly heal: () => void;
  /** The fault this call meets, which uses it up. */
  readonly met: (request: VendorRequest) => Fault | undefined;
}

/** Faults that are in force; the latest that fits counts. */
export function faults(): Faults {
  const inForce: { fault: Fault; on: string; left: number }[] = [];
  return {
    fault: (fault, { times = Number.POSITIVE_INFINITY, on = '' } = {}) => void inForce.unshift({ fault, on, left: times }),
    heal: () => void inForce.splice(0),
    met: ({ method, path }) => {
      const found = inForce.find(({ on, left }) => left > 0 && `${method} ${path}`.startsWith(on));
      if (found) found.left -= 1;
      return found?.fault;
    },
  };
}

const page = '<!doctype html><title>Sign in</title><p>Please sign in to go on.';

/** The faults that are nothing but an answer. */
export const plainFaults = {
  busy: { status: 429, headers: { 'retry-after': '7' }, body: 'too many requests' },
  broken: { status: 500, body: 'something went wrong' },
  unauthorised: { status: 401, body: 'unauthorised' },
  html: { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page },
} satisfies Record<string, VendorAnswer>;

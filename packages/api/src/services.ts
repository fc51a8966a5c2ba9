import type { DeliveryFilter, ProgramInput, Reader, Registry, Workspace } from '@enishi/core';
import type { Rule } from '@enishi/plugin-sdk';

/** Where in an input something is wrong, and what. */
export interface Wrong {
  readonly path: string;
  readonly message: string;
}

export type ReceiptStatus = 'ACCEPTED' | 'DUPLICATE' | 'QUARANTINED' | 'SUPPRESSED' | 'REJECTED';

/** The line's answer to one event. */
export interface LineReceipt {
  readonly status: ReceiptStatus;
  readonly id: string;
  readonly eventId?: string;
  readonly customerId?: string;
  readonly reason?: string;
  readonly violations?: readonly Wrong[];
}

export interface Explanation {
  readonly member: boolean;
  readonly changesAt: Date | null;
  readonly clauses: readonly {
    readonly path: string;
    readonly rule: Rule;
    readonly matches: boolean;
    readonly actual: string;
    readonly changesAt: Date | null;
  }[];
}

export interface RawIdentity {
  readonly namespace: string;
  readonly value: string;
}

/** What the API asks of the domain: the reads that are not one statement, and all writes. */
export interface Services {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly line: {
    readonly accept: (workspace: Workspace, source: string, submissions: readonly unknown[]) => Promise<readonly LineReceipt[]>;
    readonly replay: (workspace: Workspace, quarantinedIds: string[]) => Promise<readonly LineReceipt[]>;
  };
  readonly segments: {
    readonly save: (
      workspace: Workspace,
      input: { key: string; name: string; description?: string; rule: unknown },
    ) => Promise<{ readonly key: string }>;
    readonly archive: (workspace: Workspace, key: string) => Promise<unknown>;
    /** Answers the rule, checked. Throws InvalidRule. */
    readonly parse: (rule: unknown) => Rule;
    readonly preview: (
      workspace: Workspace,
      rule: unknown,
      sample: number,
    ) => Promise<{ readonly count: number; readonly sample: readonly string[] }>;
    readonly explain: (workspace: Workspace, segment: string, customerId: string) => Promise<Explanation>;
  };
  readonly links: {
    /** The identity of a raw identifier, or undefined where it can identify nobody. */
    readonly identify: (workspace: Workspace, identity: RawIdentity) => { readonly id: string } | undefined;
    readonly assert: (
      workspace: Workspace,
      identities: { readonly a: RawIdentity; readonly b: RawIdentity },
      evidence: Record<string, unknown>,
    ) => Promise<{ readonly id: string; readonly status: string }>;
    readonly revoke: (
      workspace: Workspace,
      id: string,
      decision: { readonly by: string; readonly reason: string },
    ) => Promise<{ readonly customers: readonly string[] }>;
  };
  readonly programs: { readonly save: (workspace: Workspace, input: ProgramInput) => Promise<{ readonly key: string }> };
  readonly deliveries: { readonly replay: (workspace: Workspace, filter: DeliveryFilter) => Promise<number> };
}

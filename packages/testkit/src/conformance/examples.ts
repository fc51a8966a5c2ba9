import type { Identifiers, Plugin, RawRequest, Recipient } from '@enishi/plugin-sdk';
import type { TestDesk } from '../desk.ts';
import type { VendorAnswer, VendorRequest } from '../vendor/answer.ts';

/**
 * What `testPlugin` needs to know of a plugin. Made anew for each test, from a fake vendor of its own: give the vendor its
 * routes, point the settings at `vendor.url`, and answer this. Every source and destination needs an example.
 */
export interface PluginExamples<TConfig> {
  /** Complete settings that work. Secrets have at least 8 characters, so that one found in a log is no accident. */
  readonly config: TConfig;
  /** Plugins whose events, traits or namespaces this one uses beside its own. */
  readonly uses?: readonly Plugin[];
  readonly webhooks?: Readonly<Record<string, WebhookExample>>;
  readonly polls?: Readonly<Record<string, PagesExample>>;
  readonly backfills?: Readonly<Record<string, BackfillExample>>;
  readonly files?: Readonly<Record<string, FileExample>>;
  readonly accountLinks?: Readonly<Record<string, AccountLinkExample>>;
  readonly destinations?: Readonly<Record<string, DestinationExample>>;
  readonly audiences?: Readonly<Record<string, AudienceExample>>;
  /** Stops what was started for these examples, such as a mail server. */
  readonly stop?: () => Promise<void>;
}

interface Prepared {
  /** Puts into the desk's state what is there in life: a token, a nonce. */
  readonly prepare?: (desk: TestDesk) => Promise<void>;
}

export interface WebhookExample extends Prepared {
  /** Calls as the vendor makes them but without its proof, by a name for each: `rawRequest({ json })`. */
  readonly calls: Readonly<Record<string, RawRequest>>;
  /** Adds the vendor's proof: one of the signers, such as `signHmac(…)`. */
  readonly sign: (request: RawRequest) => RawRequest;
  /** Whether a changed body breaks the proof. Default `body`; `nothing` where the vendor only sends a shared secret along. */
  readonly covers?: 'body' | 'nothing';
  /** Names of calls that rightly give no event, such as the vendor's ping. */
  readonly silent?: readonly string[];
}

export interface PagesExample extends Prepared {
  /** How many events all the pages of the fake vendor hold together. At least 1. */
  readonly drafts: number;
  /** What this vendor answers with 200 when it means no. */
  readonly refusal?: VendorAnswer;
}

export interface BackfillExample extends PagesExample {
  /** What the backfill is told. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface FileExample {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options: Readonly<Record<string, unknown>>;
  /** How many events it holds. At least 1. */
  readonly drafts: number;
  /** Files that lie beside it, by name. */
  readonly beside?: Readonly<Record<string, string | Uint8Array>>;
}

export interface AccountLinkExample extends Prepared {
  /** Who is connecting. */
  readonly identifiers: Identifiers;
  /** The vendor sends them back with this. */
  readonly returned: (state: string) => RawRequest;
  /** The same where the person said no: `arrive` throws `GiveUp`. */
  readonly refused?: (state: string) => RawRequest;
}

export interface DestinationExample extends Prepared {
  /** A message as a program holds it. */
  readonly message: unknown;
  /** Somebody who can be reached. More of them are made by `another`. */
  readonly recipient: Partial<Recipient>;
  /** Person number `n`, 0 and up, all different, where `recipient` alone does not do. Default `recipient` for each, with ids of their own. */
  readonly another?: (n: number) => Partial<Recipient>;
  /**
   * Where the vendor finds the idempotency key of a call. Default the header `idempotency-key`. `none` where the vendor knows
   * of no such thing; say so in the plugin's README.
   */
  readonly key?: ((request: VendorRequest) => string | undefined) | 'none';
  /** `false` where it does not speak HTTP to the vendor (SMTP, files): then HTTP's faults are left out. */
  readonly overHttp?: false;
  /** The vendor's own words where they differ from plain HTTP. */
  readonly says?: {
    /** Default `429` with `Retry-After: 7`. */
    readonly busy?: VendorAnswer & { readonly afterSeconds?: number };
    /** Default `401`. */
    readonly unauthorised?: VendorAnswer;
    /** 200 with an error in the body, where this vendor does that: must not count as delivered. */
    readonly refusal?: VendorAnswer;
  };
}

/** As for messages; the message says which audience. `ADD` and `REMOVE` are both tried. */
export type AudienceExample = DestinationExample;

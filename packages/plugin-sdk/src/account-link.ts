import type { Desk } from './desk.ts';
import type { Draft } from './event.ts';
import type { Identifiers } from './identifier.ts';
import type { RawRequest } from './webhook.ts';

/** Where to send a person's browser so that they may connect an account. */
export interface Departure {
  /** The identifiers of whoever is connecting, as the front end that asked for the link vouches for them. */
  readonly identifiers: Identifiers;
  /** Proves on return that this journey began here; it counts once and lasts ten minutes. */
  readonly state: string;
  /** Where the vendor sends them back to: `/links/{plugin}/{source}/return`. */
  readonly returnUrl: string;
}

/** What came of it. */
export interface Connected {
  /** Events with the account's identifier beside the person's own: seen together, they tie the two. Granted scopes are consents on them. */
  readonly drafts: readonly Draft[];
  /** A backfill source of this plugin to start for them, with its options. */
  readonly backfill?: { readonly source: string; readonly options: Readonly<Record<string, unknown>> };
}

/**
 * A person connecting an account of theirs, by OAuth or the like. A front end asks for the address with the mutation
 * `createAccountLink`; the house keeps the state, checks it on return and refuses what was not begun here.
 */
export interface AccountLinkSource {
  readonly kind: 'account-link';
  readonly description: string;
  /** The vendor's page that asks the person. */
  readonly depart: (departure: Departure, desk: Desk) => string | Promise<string>;
  /** Exchanges what the vendor sent back. Throw `GiveUp` where the person refused; they are shown that nothing was connected. */
  readonly arrive: (request: RawRequest, departure: Departure, desk: Desk) => Promise<Connected>;
}

/** Declares an account link. */
export const accountLink = (spec: Omit<AccountLinkSource, 'kind'>): AccountLinkSource => ({ kind: 'account-link', ...spec });

/**
 * The identifiers a source saw on one event. The five plain names are built in; a plugin's own are
 * spelled `plugin.thing` and declared with `namespace()`. Values are raw: the host normalises them
 * (full-width digits, phone formats, letter case) and drops junk such as `null`, `0` or `anonymous`.
 */
export interface Identifiers {
  /** Member or loyalty-card number, shared by a company's stores and shop. */
  readonly member?: string | undefined;
  /** Account id of the company's own log-in. */
  readonly user?: string | undefined;
  readonly email?: string | undefined;
  /** Any usual spelling; without a country code it is read in the workspace's country. */
  readonly phone?: string | undefined;
  /** A browser or device that nobody has logged in on yet. */
  readonly anonymous?: string | undefined;
  readonly [namespace: `${string}.${string}`]: string | undefined;
}

/** A kind of identifier: how its values are cleaned, how specific it is, how many one customer may hold. */
export interface Namespace {
  readonly kind: 'namespace';
  readonly name: string;
  readonly description: string;
  /** Specific namespaces come first: an event is anchored to the identity with the lowest number. Built in: member 10, user 20, email 40, phone 50, anonymous 90. */
  readonly priority: number;
  /** How many different values one customer may hold. A link that would exceed it is held for review instead of tying two people together. */
  readonly limit: number;
  /** Answers the clean value, or `undefined` where the value identifies nobody. */
  readonly normalise: (raw: string) => string | undefined;
}

export interface NamespaceOptions {
  readonly description: string;
  /** Default 30. */
  readonly priority?: number;
  /** Default 1: an account belongs to one person. */
  readonly limit?: number;
  /** Default: trim. Junk values are dropped by the host before this is called. */
  readonly normalise?: (raw: string) => string | undefined;
}

/** Declares an identifier namespace of a plugin. */
export function namespace(name: `${string}.${string}`, options: NamespaceOptions): Namespace {
  return { kind: 'namespace', name, priority: 30, limit: 1, normalise: (raw) => raw.trim() || undefined, ...options };
}

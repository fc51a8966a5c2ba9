import type { Registry } from '../registry/registry.ts';
import { type Identity, type IdentityScope, normaliseIdentifier } from './identity.ts';

const mostRemembered = 50_000;

/**
 * Identities by the raw identifiers they were made of. The same people come again and again; cleaning and hashing an
 * identifier costs more than the rest of its event's check.
 */
export class IdentityMemo {
  readonly #known = new Map<string, Map<string, Identity | undefined>>();
  #size = 0;
  readonly #registry: Registry;
  readonly #scope: IdentityScope;

  constructor(registry: Registry, scope: IdentityScope) {
    this.#registry = registry;
    this.#scope = scope;
  }

  /** The clean identity of a raw identifier, or `undefined` where it identifies nobody. */
  of(namespace: string, value: string): Identity | undefined {
    const known = this.#known.get(namespace);
    const found = known?.get(value);
    if (found !== undefined || known?.has(value)) return found;
    const identity = normaliseIdentifier(this.#registry, this.#scope, { namespace, value });
    this.#remember(namespace, value, identity);
    return identity;
  }

  #remember(namespace: string, value: string, identity: Identity | undefined): void {
    if (this.#size >= mostRemembered) {
      this.#known.clear();
      this.#size = 0;
    }
    const known = this.#known.get(namespace) ?? new Map<string, Identity | undefined>();
    this.#known.set(namespace, known.set(value, identity));
    this.#size += 1;
  }
}

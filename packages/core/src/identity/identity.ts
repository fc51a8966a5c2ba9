import { hash } from 'node:crypto';
import { isJunk } from '../registry/junk.ts';
import { phone } from '../registry/normalise.ts';
import type { Registry } from '../registry/registry.ts';

/** One identifier of somebody: namespace and normalised value. The id follows from both, so no look-up is needed to know it. */
export interface Identity {
  readonly id: string;
  readonly namespace: string;
  readonly value: string;
}

/** What identities need to know of a workspace. */
export interface IdentityScope {
  readonly country: string;
  readonly salt: Buffer;
}

/** 128 bits of SHA-256 in the form of a version-8 UUID. */
export function deriveId(salt: Buffer, ...parts: readonly string[]): string {
  const hex = hash('sha256', `${salt.toString('latin1')}${parts.join('\0')}`, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export const longestIdentifier = 512;

/** The clean identity of a raw identifier, or `undefined` where it identifies nobody (junk, malformed, unknown namespace). */
export function normaliseIdentifier(
  registry: Registry,
  scope: IdentityScope,
  raw: { namespace: string; value: string },
): Identity | undefined {
  const kind = registry.namespace(raw.namespace);
  if (kind === undefined || raw.value.length > longestIdentifier || isJunk(raw.value)) return undefined;
  const value = kind.name === 'phone' ? phone(raw.value, scope.country) : kind.normalise(raw.value);
  if (value === undefined || value.length > longestIdentifier || isJunk(value)) return undefined;
  return { id: deriveId(scope.salt, 'identity', kind.name, value), namespace: kind.name, value };
}

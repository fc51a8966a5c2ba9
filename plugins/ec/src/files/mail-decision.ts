import type { Draft, Identifiers } from '@enishi/plugin-sdk';
import { customerUpdated } from '../events/index.ts';

/** An account whose row says whether it wants marketing mail. */
export interface Answered {
  /** The account with its shop in front. */
  readonly known: string;
  readonly identifiers: Identifiers;
  readonly properties: { readonly customer_id: string; readonly affiliation: string | undefined };
  /** When the row is true. */
  readonly at: Date;
  /** When its answer was given at the latest, as far as the row itself says. */
  readonly answeredBy: Date;
  readonly line: number | undefined;
  readonly answer: string | undefined;
}

const yes = /^(?:1|true|yes|y|on|希望する|受け取る|購読|可|○)$/i;
const no = /^(?:0|false|no|n|off|希望しない|受け取らない|不可|×)$/i;

/**
 * The answer of a row as an event of its own. Every export repeats a yes: it is told once for ever and no newer than its row says, or an
 * old yes would win over a no that was said elsewhere since. A no is told by each export that is newer: told twice it does no harm,
 * told once it would be lost after a yes in between.
 */
export function mailDecision({ known, identifiers, properties, at, answeredBy, line, answer = '' }: Answered): Draft[] {
  const evidence = { file: 'ec.customers', line, answer };
  const decided = { purpose: 'marketing', channel: 'email', evidence } as const;
  const told = { identifiers, properties };
  const id = `customer:${known}:mail`;
  if (yes.test(answer)) return [customerUpdated({ ...told, id: `${id}:yes`, at: answeredBy, consents: [{ ...decided, state: 'GIVEN' }] })];
  if (!no.test(answer)) return [];
  return [customerUpdated({ ...told, id: `${id}:no:${at.toISOString()}`, at, consents: [{ ...decided, state: 'REFUSED' }] })];
}

import type { RawRequest } from '@enishi/plugin-sdk';
import type { Signer } from '../signers.ts';

export interface Forgery {
  readonly how: string;
  readonly request: RawRequest;
}

/**
 * A proven call with its proof damaged, in each place where signing has put something: the request is compared with what it
 * was before. None of these may be taken.
 */
export function damagedProofs(unsigned: RawRequest, signed: RawRequest): Forgery[] {
  const forgeries: Forgery[] = [{ how: 'without its proof', request: unsigned }];
  for (const part of ['headers', 'query'] as const)
    for (const [name, value] of Object.entries(signed[part])) {
      if (value === undefined || value === unsigned[part][name] || name === 'content-type' || name === 'x-amz-sns-message-type') continue;
      const { [name]: _, ...others } = signed[part];
      forgeries.push({ how: `without ${name}`, request: { ...signed, [part]: others } });
      forgeries.push({ how: `with ${name} altered`, request: { ...signed, [part]: { ...others, [name]: altered(value) } } });
      forgeries.push({ how: `with ${name} cut short`, request: { ...signed, [part]: { ...others, [name]: value.slice(0, -1) } } });
    }
  const [before, after] = [Buffer.from(unsigned.body).toString('latin1'), Buffer.from(signed.body).toString('latin1')];
  if (before !== after)
    forgeries.push({ how: 'with the proof in its body altered', request: { ...signed, body: alteredWhereNew(before, after) } });
  return forgeries;
}

/** A proven call with another body under the same proof. Where the proof covers the body, none of these may be taken. */
export function otherBodies(signed: RawRequest): Forgery[] {
  const body = Buffer.from(signed.body);
  const bodies: [how: string, body: Uint8Array][] = [
    ['with a byte more', Buffer.concat([body, Buffer.from(' ')])],
    ['truncated', body.subarray(0, Math.floor(body.length / 2))],
    ['emptied', Buffer.alloc(0)],
    ['oversized', Buffer.concat([body, Buffer.alloc(4 * 1024 * 1024, ' ')])],
    ['in UTF-16', Buffer.from(body.toString(), 'utf16le')],
  ];
  return bodies.map(([how, other]) => ({ how, request: { ...signed, body: other } }));
}

/**
 * Bodies no vendor sends, with a proof that is right: they must be refused for their shape, or give good events, and break
 * nothing. What cannot even be signed is left out.
 */
export function oddBodies(unsigned: RawRequest, sign: Signer): Forgery[] {
  const body = Buffer.from(unsigned.body);
  const bodies: [how: string, body: string | Uint8Array][] = [
    ['truncated', body.subarray(0, Math.floor(body.length / 2))],
    ['emptied', ''],
    ['oversized', Buffer.concat([body, Buffer.alloc(4 * 1024 * 1024, ' ')])],
    ['in UTF-16', Buffer.from(body.toString(), 'utf16le')],
    ['with bytes that are no UTF-8', Buffer.concat([body.subarray(0, -1), Buffer.from([0xff, 0xfe]), body.subarray(-1)])],
    ['that is a web page', '<!doctype html><p>Sign in'],
    ['that is null', 'null'],
    ['that is an empty list', '[]'],
    ['that is an empty object', '{}'],
    ['that is a list of null', '[null]'],
  ];
  return bodies.flatMap(([how, other]) => {
    try {
      return [{ how, request: sign({ ...unsigned, body: Buffer.from(other) }) }];
    } catch {
      return [];
    }
  });
}

/** One character in the middle becomes another one that any encoding of bytes knows. */
const altered = (value: string, at = Math.floor(value.length / 2)): string =>
  `${value.slice(0, at)}${value[at] === '0' ? '1' : '0'}${value.slice(at + 1)}`;

/** Alters the middle of what was not there before, so that the damage is in the proof and not in what it proves. */
function alteredWhereNew(before: string, after: string): Uint8Array {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return Buffer.from(altered(after, Math.floor((start + after.length - end) / 2)), 'latin1');
}

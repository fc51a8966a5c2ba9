import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Workspace } from '../access/workspace.ts';
import { InvalidCursor } from '../errors.ts';

/** A place in a workspace's change log: everything up to and including `seq` has been handed out. */
export interface Position {
  readonly seq: number;
  /** Amid a snapshot taken at `seq`: the members of this segment up to and including this customer have been handed out. */
  readonly snapshot?: { readonly segmentId: number; readonly customerId: string };
}

const plain = 12;
const amidSnapshot = plain + 20;
const seal = 8;

/** Sealed with the workspace's salt: a cursor that was altered, made up or taken from another workspace is refused, not misread. */
export function encodeCursor(workspace: Workspace, { seq, snapshot }: Position): string {
  const body = Buffer.alloc(snapshot ? amidSnapshot : plain);
  body.writeUInt32BE(workspace.id, 0);
  body.writeBigUInt64BE(BigInt(seq), 4);
  if (snapshot) {
    body.writeUInt32BE(snapshot.segmentId, 12);
    body.write(snapshot.customerId.replaceAll('-', ''), 16, 'hex');
  }
  return Buffer.concat([body, sealOf(workspace, body)]).toString('base64url');
}

export function decodeCursor(workspace: Workspace, cursor: string): Position {
  const bytes = /^[\w-]{27,54}$/.test(cursor) ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
  const body = bytes.subarray(0, -seal);
  if (body.length !== plain && body.length !== amidSnapshot) throw new InvalidCursor('it is not a place in the change log');
  if (!timingSafeEqual(bytes.subarray(-seal), sealOf(workspace, body)) || body.readUInt32BE(0) !== workspace.id)
    throw new InvalidCursor('it was altered or belongs to another workspace');
  const seq = Number(body.readBigUInt64BE(4));
  if (body.length === plain) return { seq };
  return { seq, snapshot: { segmentId: body.readUInt32BE(12), customerId: uuidOf(body.subarray(16, 32)) } };
}

export function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const sealOf = (workspace: Workspace, body: Buffer): Buffer =>
  createHmac('sha256', workspace.salt).update('enishi.change.cursor').update(body).digest().subarray(0, seal);

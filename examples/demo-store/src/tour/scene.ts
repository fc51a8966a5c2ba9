import { type Outside, outside, signedPost } from '../client.ts';
import { demoSecrets } from '../config.ts';
import type { MailSink } from '../mail/sink.ts';
import type { Partners } from '../partners/partners.ts';
import type { Stage } from '../stage.ts';

/** What the tour can reach: the server from outside, with one key per role, the mailbox and the partners. */
export interface Scene {
  readonly url: string;
  readonly mail: MailSink;
  readonly partners: Partners;
  readonly frontEnd: Outside;
  readonly marketer: Outside;
  readonly privacy: Outside;
  readonly operator: Outside;
}

export const sceneOf = ({ url, keys, mail, partners }: Stage): Scene => ({
  url,
  mail,
  partners,
  frontEnd: outside(url, keys['front-end']),
  marketer: outside(url, keys.marketer),
  privacy: outside(url, keys.privacy),
  operator: outside(url, keys.operator),
});

export interface Receipt {
  readonly status: string;
  readonly customerId?: string;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
}

type Signed = Readonly<Record<string, unknown>>;

/** Receipts from a till, by its signed webhook. */
export async function ringUp(url: string, receipts: readonly Signed[], secret: string = demoSecrets.pos): Promise<readonly Receipt[]> {
  const signature = { header: 'x-enishi-signature', secret, encoding: 'base64' as const };
  return ((await signedPost(`${url}/hooks/pos/webhook`, { receipts }, signature)) as { receipts: Receipt[] }).receipts;
}

/** Messages of the shop, by its signed webhook. */
export async function shopSays(url: string, messages: readonly Signed[]): Promise<readonly Receipt[]> {
  const signature = { header: 'x-enishi-signature', secret: demoSecrets.ec, encoding: 'base64' as const };
  return ((await signedPost(`${url}/hooks/ec/webhook`, { messages }, signature)) as { receipts: Receipt[] }).receipts;
}

export const hanako = {
  account: 'hanako-2026',
  member: 'M9000001',
  email: 'hanako.takahashi@mail.example',
} as const;

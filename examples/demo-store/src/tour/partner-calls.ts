import { signedPost } from '../client.ts';
import { partnerSecrets } from '../config.ts';
import { accounts, codeOf } from '../partners/answers.ts';
import type { Scene } from './scene.ts';

let events = 0;

/** What LINE tells of Mei, by its signed webhook. */
export async function lineSays(url: string, about: Readonly<Record<string, unknown>>): Promise<void> {
  events += 1;
  const event = {
    mode: 'active',
    timestamp: Date.now(),
    webhookEventId: `01KAQ3X8W2N6Q9V1T0${String(events).padStart(8, '0')}`,
    deliveryContext: { isRedelivery: false },
    source: { type: 'user', userId: accounts.line },
    replyToken: '0f3779fba3b349968c5d07db31eabf65',
    ...about,
  };
  const body = { destination: 'U8e742f61d673b39c7fff3cecb7536ef0', events: [event] };
  await signedPost(`${url}/hooks/line/webhook`, body, { header: 'x-line-signature', secret: partnerSecrets.line, encoding: 'base64' });
}

interface Identity {
  readonly namespace: string;
  readonly value: string;
}

const link = `mutation Connect($source: String!, $identifiers: [IdentityInput!]!) {
  createAccountLink(source: $source, identifiers: $identifiers) { ... on AccountLink { url } ... on Problem { message } }
}`;

/** The front end asks for the address, the browser opens it; answers the partner's page it is sent to. */
export async function setOut({ frontEnd }: Scene, source: string, identifiers: readonly Identity[]): Promise<URL> {
  const { createAccountLink } = await frontEnd.graphql<{ createAccountLink: { url?: string; message?: string } }>(link, {
    source,
    identifiers,
  });
  if (createAccountLink.url === undefined) throw new Error(createAccountLink.message);
  const reply = await fetch(createAccountLink.url, { redirect: 'manual' });
  const location = reply.headers.get('location');
  if (location === null) throw new Error(`${source} sends nowhere: ${reply.status} ${await reply.text()}`);
  return new URL(location);
}

/** Sets out, agrees at the partner with this account, and comes back. */
export async function logIn(scene: Scene, source: string, { who, account }: { who: Identity; account: string }): Promise<void> {
  const state = (await setOut(scene, source, [who])).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, code: codeOf(account) });
  const reply = await fetch(`${scene.url}/links/${source.replace('.', '/')}/return?${query}`);
  if (!reply.ok) throw new Error(`${source}: ${reply.status} ${await reply.text()}`);
}

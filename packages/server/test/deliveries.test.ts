import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audience, definePlugin, destination, outcomeOf, secret } from '@enishi/plugin-sdk';
import { createTestEnishi } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

const token = 'a-token-nobody-may-see';

/** Messages over HTTP to a partner, and a list that can be replaced. */
const post = (url: string, lists: Map<string, string[]>, causes: unknown[]) =>
  definePlugin({
    name: 'post',
    description: 'Of the tests.',
    config: z.object({ token: secret() }),
    hosts: [new URL(url).host],
    setup: (settings) => ({
      destinations: {
        card: destination({
          description: 'A card.',
          purpose: 'marketing',
          channel: 'post',
          address: 'email',
          message: z.object({ text: z.string() }),
          async send([delivery], desk) {
            causes.push(delivery?.cause);
            const body = JSON.stringify({
              to: delivery?.recipient.identifiers.email?.[0],
              text: delivery?.message.text,
              token: settings.token,
            });
            return [outcomeOf(await desk.fetch(`${url}/cards?key=${settings.token}`, { method: 'POST', body }))];
          },
          preview: async ({ message, recipient }) => ({
            parts: [{ name: 'text', contentType: 'text/plain', body: `${message.text}, ${recipient.traits.name}` }],
          }),
        }),
        list: audience({
          description: 'A list.',
          purpose: 'marketing',
          channel: 'post',
          address: 'email',
          message: z.object({ list: z.string() }),
          apply: async (changes) => changes.map(() => ({ status: 'delivered' })),
          async replace({ list }, everybody) {
            const people: string[] = [];
            for await (const { identifiers } of everybody) people.push(...(identifiers.email ?? []));
            lists.set(list, people);
          },
        }),
      },
    }),
  })({ token });

async function createPostOffice() {
  await using stack = new AsyncDisposableStack();
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(statuses.shift() ?? 200).end('{"ok":true,"session":"abc"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const lists = new Map<string, string[]>();
  const causes: unknown[] = [];
  const enishi = stack.use(
    await createTestEnishi({ plugins: [post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, lists, causes)] }),
  );
  const ask = async (query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { data, errors } = await enishi.graphql('operator', query, variables);
    expect(errors).toBeUndefined();
    return data ?? {};
  };
  const tell = async (name: string, more: object = {}): Promise<string> => {
    const events = [{ type: 'enishi.identified', identifiers: { email: `${name}@shop.example` }, ...more }];
    const { ingestEvents } = await ask('mutation ($events: [EventInput!]!) { ingestEvents(events: $events) { customer { id } } }', {
      events,
    });
    return (ingestEvents as { customer: { id: string } }[])[0]?.customer.id ?? '';
  };
  await ask(`mutation { saveSegment(input: { key: "all", name: "All", rule: { identity: "email" } }) { __typename } }`);
  await ask(
    `mutation { saveProgram(input: { key: "card", name: "Card", segment: "all", trigger: ENTERED, destination: "post.card", message: { text: "Hello" } }) { __typename } }`,
  );
  const open = stack.move();
  return { enishi, statuses, lists, causes, ask, tell, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const agreed = { consents: [{ purpose: 'marketing', channel: 'post', state: 'GIVEN' }] };
const explain = `query ($program: String, $customer: ID, $id: ID) { explainDelivery(of: { program: $program, customer: $customer, id: $id }) {
  __typename ... on DeliveryExplanation { id status steps { kind state reason } } ... on Problem { code } } }`;

interface Explained {
  readonly id: string;
  readonly status: string;
  readonly steps: readonly { kind: string; state: string; reason: string | null }[];
}

it('an operator pauses a destination, sees why a delivery waits, and lets it go', async () => {
  await using office = await createPostOffice();
  const { ask, enishi } = office;
  expect(await ask(`mutation { pauseDestination(key: "post.card", reason: "holidays") { ... on Destination { pausedReason } } }`)).toEqual({
    pauseDestination: { pausedReason: 'holidays' },
  });
  const customer = await office.tell('hanako', agreed);
  await enishi.settle();
  const waiting = (await ask(explain, { program: 'card', customer })).explainDelivery as Explained;
  expect(waiting.status).toBe('PENDING');
  expect(waiting.steps).toContainEqual({ kind: 'DESTINATION', state: 'WAITING', reason: 'paused: holidays' });
  await ask(`mutation { resumeDestination(key: "post.card") { __typename } }`);
  await enishi.settle();
  const sent = (await ask(explain, { program: 'card', customer })).explainDelivery as Explained;
  expect(sent.status).toBe('DELIVERED');
  expect(sent.steps.at(-1)).toMatchObject({ kind: 'OUTCOME', state: 'PASSED' });
  const event = { type: 'enishi.identified', at: expect.any(Date), properties: {}, id: expect.any(String) };
  expect(office.causes).toEqual([{ segment: 'all', change: 'ENTERED', at: expect.any(Date), event }]);
  expect(await ask(`mutation { pauseDestination(key: "post.pigeon", reason: "-") { __typename } }`)).toEqual({
    pauseDestination: { __typename: 'UnknownDestination' },
  });
});

it('says why nothing was sent: no consent, a cap, a dead letter, nothing planned', async () => {
  await using office = await createPostOffice();
  const { ask, enishi } = office;
  const why = async (customer: string): Promise<object | undefined> =>
    ((await ask(explain, { program: 'card', customer })).explainDelivery as Explained).steps.at(-1);
  const silent = await office.tell('silent');
  await enishi.settle();
  expect(await why(silent)).toEqual({ kind: 'CONSENT', state: 'STOPPED', reason: 'no consent: marketing/post' });
  await ask(
    `mutation { setDeliveryPolicy(input: { channel: "post", caps: [{ most: 0, per: "P1D" }], timeZone: "Asia/Tokyo" }) { __typename } }`,
  );
  const capped = await office.tell('capped', agreed);
  await enishi.settle();
  expect(await why(capped)).toEqual({ kind: 'CAP', state: 'STOPPED', reason: 'cap: 0 per P1D on post' });
  expect(await ask(`mutation { removeDeliveryPolicy(channel: "post") }`)).toEqual({ removeDeliveryPolicy: true });
  office.statuses.push(422);
  const dead = await office.tell('dead', agreed);
  await enishi.settle();
  expect(await why(dead)).toMatchObject({ kind: 'OUTCOME', state: 'STOPPED', reason: expect.stringContaining('422') });
  await ask(`mutation { setProgramActive(key: "card", active: false) { ... on Program { active } } }`);
  const unplanned = await office.tell('unplanned', agreed);
  const { steps } = (await ask(explain, { program: 'card', customer: unplanned })).explainDelivery as Explained;
  expect(steps).toContainEqual(expect.objectContaining({ kind: 'PLANNED', state: 'STOPPED' }));
  expect(steps).toContainEqual({ kind: 'CONSENT', state: 'PASSED', reason: null });
  expect(await ask(explain, { program: 'nothing', customer: unplanned })).toMatchObject({ explainDelivery: { code: 'PROGRAM_NOT_FOUND' } });
  expect(await ask(explain, { id: unplanned })).toMatchObject({ explainDelivery: { code: 'DELIVERY_NOT_FOUND' } });
});

it('shows a delivery without sending it, or what would stop it', async () => {
  await using office = await createPostOffice();
  const preview = `mutation ($customer: ID!) { previewDelivery(program: "card", customer: $customer) {
    ... on DeliveryPreview { parts { name contentType body } steps { kind state reason } } ... on Problem { code } } }`;
  await office.ask(`mutation { setProgramActive(key: "card", active: false) { __typename } }`);
  const customer = await office.tell('hanako', agreed);
  expect(await office.ask(preview, { customer })).toMatchObject({
    previewDelivery: { parts: [{ name: 'text', contentType: 'text/plain', body: 'Hello, undefined' }] },
  });
  const silent = await office.tell('silent');
  expect(await office.ask(preview, { customer: silent })).toMatchObject({
    previewDelivery: { parts: [], steps: [{ kind: 'CONSENT', state: 'STOPPED' }, {}, {}, {}, {}] },
  });
  expect(await office.ask(`{ deliveries { nodes { id } } }`)).toEqual({ deliveries: { nodes: [] } });
});

it('writes down what is said to a partner while somebody watches, without secrets or people', async () => {
  await using office = await createPostOffice();
  const { ask, enishi, tell } = office;
  const log = `query ($after: String) { deliveryLog(destination: "post.card", first: 1, after: $after) {
    next attempts { attempt outcome calls { method url status request response } } } }`;
  await tell('before', agreed);
  await enishi.settle();
  expect(await ask(log)).toEqual({ deliveryLog: { next: null, attempts: [] } });
  await ask(`mutation { watchDestination(key: "post.card", minutes: 5) { ... on Destination { watchedUntil } } }`);
  for (const name of ['one', 'two']) await tell(name, agreed);
  await enishi.settle();
  const first = (await ask(log)).deliveryLog as { next: string; attempts: { outcome: string; calls: Record<string, unknown>[] }[] };
  expect(first.attempts).toHaveLength(1);
  expect(first.attempts[0]).toMatchObject({ outcome: 'delivered', calls: [{ method: 'POST', status: 200 }] });
  expect(first.attempts[0]?.calls[0]?.url).toMatch(/\/cards\?key=…$/);
  expect(first.attempts[0]?.calls[0]?.request).toBe('{"to":"[redacted]","text":"Hello","token":"[redacted]"}');
  expect(first.attempts[0]?.calls[0]?.response).toBe('{"ok":true,"session":"[redacted]"}');
  const second = (await ask(log, { after: first.next })).deliveryLog as typeof first;
  expect(second.attempts).toHaveLength(1);
  expect(second.next).toBeNull();
  expect(JSON.stringify([first, second])).not.toMatch(/a-token|shop\.example/);

  const watch = () =>
    enishi.subscribe<{ deliveryLogged: { attempt: { deliveryId: string; destination: string; calls: object[] } } }>(
      'operator',
      `subscription { deliveryLogged(destination: "post.card") { attempt { deliveryId destination calls { status } } } }`,
    );
  /** What a watcher is told from when they begin to watch, which may be after the first of these calls. */
  const watching = async (): Promise<{ deliveryId: string; destination: string; calls: object[] }[]> => {
    const live = await watch();
    const heard: { deliveryId: string; destination: string; calls: object[] }[] = [];
    void (async () => {
      for (;;) heard.push((await live.next()).deliveryLogged.attempt);
    })().catch(() => {});
    while (heard.length === 0) await send();
    return heard;
  };
  const send = async (): Promise<string> => {
    const customer = await tell(randomUUID(), agreed);
    await enishi.settle();
    return ((await ask(explain, { program: 'card', customer })).explainDelivery as Explained).id;
  };
  const early = await watching();
  expect(early[0]).toMatchObject({ destination: 'post.card', calls: [{ status: 200 }] });

  // Whoever joins later is told nothing that others had been told before.
  const newest = await send();
  await expect.poll(() => early.map(({ deliveryId }) => deliveryId)).toContain(newest);
  const told = early.map(({ deliveryId }) => deliveryId);
  expect(told).not.toContain((await watching())[0]?.deliveryId);
});

it("makes a partner's audience anew from the segment and the consents", async () => {
  await using office = await createPostOffice();
  await office.ask(
    `mutation { saveProgram(input: { key: "list", name: "List", segment: "all", trigger: BOTH, destination: "post.list", message: { list: "all" } }) { __typename } }`,
  );
  for (const name of ['b', 'a']) await office.tell(name, agreed);
  await office.tell('silent');
  const sync = `mutation ($program: String!) { syncAudience(program: $program) { ... on AudienceSync { people } ... on Problem { code } } }`;
  expect(await office.ask(sync, { program: 'list' })).toEqual({ syncAudience: { people: 2 } });
  expect(office.lists.get('all')?.sort()).toEqual(['a@shop.example', 'b@shop.example']);
  expect(await office.ask(sync, { program: 'card' })).toEqual({ syncAudience: { code: 'AUDIENCE_NOT_REPLACED' } });
});

it('a program with a holdout sends nothing to its share of the customers, and says so before and after', async () => {
  await using office = await createPostOffice();
  const save = `mutation { saveProgram(input: {
    key: "card", name: "Card", segment: "all", trigger: ENTERED, destination: "post.card", message: { text: "Hello" }, holdout: 50
  }) { ... on Program { holdout } ... on Problem { code } } }`;
  expect(await office.ask(save)).toEqual({ saveProgram: { holdout: 50 } });
  const names = Array.from({ length: 40 }, (_, place) => `person${place}`);
  const customers = await Promise.all(names.map((name) => office.tell(name, agreed)));
  await office.enishi.settle();
  const ended = new Map<string, Explained>();
  for (const customer of customers)
    ended.set(customer, (await office.ask(explain, { program: 'card', customer })).explainDelivery as Explained);
  const held = customers.filter((customer) => ended.get(customer)?.status === 'SUPPRESSED');
  expect(held.length).toBeGreaterThan(0);
  expect(customers.filter((customer) => ended.get(customer)?.status === 'DELIVERED')).toHaveLength(customers.length - held.length);
  const stop = { kind: 'HOLDOUT', state: 'STOPPED', reason: 'held out: in the 50 % nothing is sent to' };
  expect(held.map((customer) => ended.get(customer)?.steps.at(-1))).toEqual(held.map(() => stop));
  const preview = `mutation ($customer: ID!) { previewDelivery(program: "card", customer: $customer) {
    ... on DeliveryPreview { parts { name } steps { kind state reason } } } }`;
  expect(await office.ask(preview, { customer: held[0] })).toMatchObject({
    previewDelivery: { parts: [], steps: [stop, {}, {}, {}, {}, {}] },
  });
  expect(await office.ask(save.replace('50', '51'))).toEqual({ saveProgram: { code: 'INVALID_PROGRAM' } });
});

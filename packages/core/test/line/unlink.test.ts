import { assertLink, revokeLink } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshWorkspace, histories, send, shop, snapshot, today, withoutIds } from './world.ts';

const emails = ['a@shop.example', 'b@shop.example', 'c@shop.example', 'd@shop.example'];
const pairs = fc.shuffledSubarray(emails, { minLength: 2, maxLength: 2 });
const by = { by: 'operator', reason: 'same person' };

it('takes a link back as if it had never been, whatever happened in between', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url } = domain;
  await fc.assert(
    fc.asyncProperty(histories(), histories(), pairs, async (before, between, [a = '', b = '']) => {
      const later = between.map((event) => ({ ...event, id: `later-${event.id}` }));
      const everybody = emails.map((email) => ({ id: `hello-${email}`, type: 'enishi.identified', at: today, identifiers: { email } }));
      const [linked, plain] = [await freshWorkspace(url, line), await freshWorkspace(url, line)];
      for (const workspace of [linked, plain]) await send(line, workspace, { events: [...everybody, ...before] });
      const link = await assertLink(line, linked, { a: { namespace: 'email', value: a }, b: { namespace: 'email', value: b }, ...by });
      for (const workspace of [linked, plain]) await send(line, workspace, { events: later });
      await revokeLink(line, linked, { link: link.id, ...by });
      expect(withoutIds(await snapshot(line, linked))).toEqual(withoutIds(await snapshot(line, plain)));
    }),
    { numRuns: 20 },
  );
}, 180_000);

it('gives every customer its id and its memberships since when they were, if nothing happened in between', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { line, url } = domain;
  const memberships = (workspaceId: number) =>
    line.database.query(
      workspaceId,
      'select segment_id, customer_id, entered_at from membership where workspace_id = $1 and left_at is null order by 1, 2',
      [workspaceId],
    );
  await fc.assert(
    fc.asyncProperty(histories(), pairs, async (events, [a = '', b = '']) => {
      now = today;
      const workspace = await freshWorkspace(url, line);
      await send(line, workspace, {
        events: [
          ...emails.map((email) => ({ id: `hello-${email}`, type: 'enishi.identified', at: today, identifiers: { email } })),
          ...events,
        ],
      });
      const [customers, intervals] = [await snapshot(line, workspace), await memberships(workspace.id)];
      now = new Date(today.getTime() + 1000);
      const link = await assertLink(line, workspace, { a: { namespace: 'email', value: a }, b: { namespace: 'email', value: b }, ...by });
      await revokeLink(line, workspace, { link: link.id, ...by });
      expect(await snapshot(line, workspace)).toEqual(customers);
      expect(await memberships(workspace.id)).toEqual(intervals);
    }),
    { numRuns: 20 },
  );
}, 180_000);

it('keeps apart for good what an operator has set apart', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace } = domain;
  const together = { id: 'first', type: 'enishi.identified', identifiers: { email: 'a@shop.example', phone: '090-1234-5678' } };
  await line.accept(workspace, 'test', [together]);
  const [link] = await line.database.query<{ id: string }>(workspace.id, 'select id from link where workspace_id = $1', [workspace.id]);
  await revokeLink(line, workspace, { link: link?.id ?? '', ...by });
  await line.accept(workspace, 'test', [
    { ...together, id: 'again' },
    { id: 'round', type: 'enishi.identified', identifiers: { email: 'a@shop.example', anonymous: 'device-9' } },
    { id: 'about', type: 'enishi.identified', identifiers: { anonymous: 'device-9', phone: '090-1234-5678' } },
  ]);
  const customers = await snapshot(line, workspace);
  expect(customers.map(({ identities }) => identities)).toEqual([['anonymous device-9', 'email a@shop.example'], ['phone +819012345678']]);
  const statuses = await line.database.query(workspace.id, 'select status from link where workspace_id = $1 order by status', [
    workspace.id,
  ]);
  expect(statuses).toEqual([{ status: 'HELD' }, { status: 'LIVE' }, { status: 'REVOKED' }]);
});

import { assertLink, Line, revokeLink } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { asKept, freshWorkspace, fromScratch, shop, today } from './world.ts';

const by = { by: 'operator', reason: 'same person' };
const order = (user: string) => ({ type: 'shop.ordered', at: today, identifiers: { user }, properties: { total: 10 } });

it('counts right for a customer that another process has merged away and brought back meanwhile', async () => {
  let now = new Date(today.getTime() - 1000);
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { line, url, database, registry } = domain;
  const workspace = await freshWorkspace(url, line);
  const other = new Line({ database, registry, now: () => now });
  await line.accept(workspace, 'store', [{ type: 'enishi.identified', identifiers: { email: 'hanako@shop.example' } }]);
  now = today;
  await line.accept(workspace, 'store', [order('hanako')]);
  const [a, b] = [
    { namespace: 'email', value: 'hanako@shop.example' },
    { namespace: 'user', value: 'hanako' },
  ];
  const link = await assertLink(other, workspace, { a, b, ...by });
  await other.accept(workspace, 'store', [order('hanako')]);
  await revokeLink(other, workspace, { link: link.id, ...by });
  await line.accept(workspace, 'store', [{ type: 'enishi.page_viewed', identifiers: { user: 'hanako' } }]);
  const kept = await asKept(line, workspace);
  expect(kept).toEqual(await fromScratch(line, workspace, { now: today }));
  expect(kept['exactly-two']).toHaveLength(1);
  await other.close();
});

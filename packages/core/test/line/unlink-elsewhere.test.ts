import { assertLink, Line, type Receipt, revokeLink, type Submission } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { shop, today } from './world.ts';

const by = { by: 'operator', reason: 'same person' };
const mail = { namespace: 'email', value: 'hanako@shop.example' };
const account = { namespace: 'user', value: 'taro' };

const seen = (identifiers: Record<string, string>, consents: Submission['consents'] = []): Submission => ({
  type: 'enishi.identified',
  identifiers,
  consents,
});
const byMail = { email: mail.value };
const byAccount = { user: account.value };
const byPhone = { phone: '090-1234-5678' };
const marketing = (state: 'GIVEN' | 'WITHDRAWN') => [{ purpose: 'marketing', channel: 'email', state }];

it('gives each their own events and withdrawals again as soon as another process has taken their link back', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { workspace, database, registry, line: here } = domain;
  const there = new Line({ database, registry, now: () => now });
  const ownerOf = async (event: Submission): Promise<string> => {
    const [receipt]: Receipt[] = await here.accept(workspace, 'web', [event]);
    return receipt?.status === 'ACCEPTED' ? receipt.customerId : `nobody: ${receipt?.status}`;
  };
  const hanako = await ownerOf(seen(byMail));
  now = new Date(today.getTime() + 1000);
  const taro = await ownerOf(seen({ ...byAccount, ...byPhone }, marketing('GIVEN')));
  expect(taro).not.toBe(hanako);

  const link = await assertLink(there, workspace, { a: mail, b: account, ...by });
  expect(await ownerOf(seen(byAccount))).toBe(hanako);
  expect(await ownerOf(seen(byPhone))).toBe(hanako);
  await revokeLink(there, workspace, { link: link.id, ...by });

  expect(await ownerOf(seen(byMail))).toBe(hanako);
  expect(await ownerOf(seen(byPhone, marketing('WITHDRAWN')))).toBe(taro);
  expect(await ownerOf(seen(byAccount))).toBe(taro);
  const inForce = await database.query(
    workspace.id,
    `select id, consents -> 'marketing/email' ->> 'state' as state from customer where workspace_id = $1 order by created_at`,
    [workspace.id],
  );
  expect(inForce).toEqual([
    { id: hanako, state: null },
    { id: taro, state: 'WITHDRAWN' },
  ]);
  await there.close();
});

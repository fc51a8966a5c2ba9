import {
  assertLink,
  InvalidIdentifier,
  type Line,
  listLinks,
  type Receipt,
  revokeLink,
  type Submission,
  type Workspace,
} from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { snapshot } from '../line/world.ts';

const phone = '090-1234-5678';
const met = (identifiers: Submission['identifiers']): Submission => ({ type: 'enishi.identified', identifiers });
const customerOf = (receipt: Receipt | undefined): string => (receipt?.status === 'ACCEPTED' ? receipt.customerId : `${receipt?.status}`);

/** Sends one after another; answers the customer of each. */
async function meet(line: Line, workspace: Workspace, seen: readonly Submission['identifiers'][]): Promise<string[]> {
  const customers: string[] = [];
  for (const identifiers of seen) customers.push(customerOf((await line.accept(workspace, 'test', [met(identifiers)]))[0]));
  return customers;
}
const whoIsWho = async (line: Line, workspace: Workspace): Promise<string[][]> =>
  (await snapshot(line, workspace)).map(({ identities }) => identities);

describe('a telephone shared by a family', () => {
  it.each([
    ['one after another', false],
    ['in one call', true],
  ])('keeps its members apart, %s, and holds the second tie with its reason', async (_how, together) => {
    await using domain = await createTestDomain();
    const { line, workspace, database } = domain;
    const seen = [
      { member: 'M-1', phone },
      { member: 'M-2', phone: '０９０１２３４５６７８' },
    ];
    if (together) await line.accept(workspace, 'test', seen.map(met));
    else await meet(line, workspace, seen);
    expect(await whoIsWho(line, workspace)).toEqual([['member M1', 'phone +819012345678'], ['member M2']]);
    const [mother, child] = await meet(line, workspace, [{ member: 'M-1' }, { member: 'M-2' }]);
    expect(mother).not.toBe(child);
    expect(await listLinks(database, workspace.id, child ?? '')).toMatchObject([
      { status: 'HELD', rule: 'phone', reason: 'one customer may hold 1 of member', decidedAt: null },
    ]);
    const ties = await listLinks(database, workspace.id, mother ?? '');
    expect(ties.map(({ status }) => status).sort()).toEqual(['HELD', 'LIVE']);
  });

  it('goes to whoever came first with it, in either order', async () => {
    for (const order of [
      ['M-1', 'M-2'],
      ['M-2', 'M-1'],
    ]) {
      await using domain = await createTestDomain();
      const { line, workspace } = domain;
      const seen = order.map((member) => ({ member, phone }));
      const customers = await meet(line, workspace, [...seen, ...seen, { phone }]);
      expect(customers).toEqual([customers[0], customers[1], customers[0], customers[1], customers[0]]);
      expect(customers[0]).not.toBe(customers[1]);
    }
  });

  it('does not tie members through somebody who has no card yet', async () => {
    await using domain = await createTestDomain();
    const { line, workspace } = domain;
    await meet(line, workspace, [
      { email: 'child@shop.example', phone },
      { member: 'M-1', phone },
      { member: 'M-2', email: 'child@shop.example' },
    ]);
    expect(await whoIsWho(line, workspace)).toEqual([['email child@shop.example', 'member M1', 'phone +819012345678'], ['member M2']]);
  });
});

it('gives a device two members log in on to the first and leaves the second alone', async () => {
  await using domain = await createTestDomain();
  const { line, workspace } = domain;
  const device = { anonymous: 'tablet-in-the-store' };
  const [alone, first, second, later] = await meet(line, workspace, [
    device,
    { user: 'hanako', ...device },
    { user: 'taro', ...device },
    device,
  ]);
  expect(first).toBe(alone);
  expect(second).not.toBe(first);
  expect(later).toBe(first);
});

it('lets one customer hold five mailboxes and not six, in both orders', async () => {
  const mailboxes = Array.from({ length: 6 }, (_, n) => `box${n}@shop.example`);
  for (const order of [mailboxes, mailboxes.toReversed()]) {
    await using domain = await createTestDomain();
    const { line, workspace } = domain;
    const customers = await meet(
      line,
      workspace,
      order.map((email) => ({ member: 'M-1', email })),
    );
    expect(new Set(customers).size).toBe(1);
    expect(await whoIsWho(line, workspace)).toEqual(
      [
        [
          ...order
            .slice(0, 5)
            .map((email) => `email ${email}`)
            .sort(),
          'member M1',
        ],
        [`email ${order[5]}`],
      ].sort(),
    );
  }
});

it('ties nobody by a placeholder', async () => {
  await using domain = await createTestDomain();
  const { line, workspace } = domain;
  const junk = { user: 'null', email: 'test@test', phone: '000-0000-0000', anonymous: '-' };
  const customers = await meet(line, workspace, [
    { member: 'M-1', ...junk },
    { member: 'M-2', ...junk },
    { member: 'M-3', user: 0, anonymous: 'anonymous' },
  ]);
  expect(new Set(customers).size).toBe(3);
  expect((await whoIsWho(line, workspace)).flat()).toEqual(['member M1', 'member M2', 'member M3']);
});

describe('what an operator says', () => {
  const by = { by: 'operator', reason: 'same address' };
  const hanako = { namespace: 'email', value: 'Hanako@shop.example' };

  it.each([
    ['malformed', { namespace: 'email', value: 'hanako' }],
    ['a placeholder', { namespace: 'user', value: 'null' }],
    ['of no known namespace', { namespace: 'fax', value: '123' }],
    ['far too long', { namespace: 'user', value: 'x'.repeat(10_000) }],
    ['the same', { namespace: 'email', value: 'hanako@shop.example' }],
  ])('ties nobody by an identifier that is %s', async (_what, other) => {
    await using domain = await createTestDomain();
    const { line, workspace } = domain;
    await expect(assertLink(line, workspace, { a: hanako, b: other, ...by })).rejects.toThrow(InvalidIdentifier);
    await expect(assertLink(line, workspace, { a: other, b: hanako, ...by })).rejects.toThrow(InvalidIdentifier);
    expect(await whoIsWho(line, workspace)).toEqual([]);
  });

  it('ties what was never seen before, and is listed with who said it, also under the absorbed id', async () => {
    await using domain = await createTestDomain();
    const { line, workspace, database } = domain;
    const [elder] = await meet(line, workspace, [{ email: 'hanako@shop.example' }]);
    const [younger] = await meet(line, workspace, [{ user: 'hanako' }]);
    const link = await assertLink(line, workspace, { a: { namespace: 'user', value: 'hanako' }, b: hanako, ...by });
    expect(link).toMatchObject({ status: 'LIVE', rule: 'asserted', decidedBy: 'operator', evidence: { reason: 'same address' } });
    expect(await listLinks(database, workspace.id, elder ?? '')).toEqual([link]);
    expect(await listLinks(database, workspace.id, younger ?? '')).toEqual([link]);
  });

  it('is held where it breaks a limit', async () => {
    await using domain = await createTestDomain();
    const { line, workspace } = domain;
    const [a, b] = [
      { namespace: 'member', value: 'M-1' },
      { namespace: 'member', value: 'M-2' },
    ];
    const link = await assertLink(line, workspace, { a, b, ...by });
    expect(link).toMatchObject({ status: 'HELD', reason: 'one customer may hold 1 of member' });
    expect(await whoIsWho(line, workspace)).toEqual([['member M1'], ['member M2']]);
  });

  it('once taken back keeps the name of who took it back, whoever asserts it again', async () => {
    await using domain = await createTestDomain();
    const { line, workspace } = domain;
    const tie = { a: hanako, b: { namespace: 'user', value: 'hanako' } };
    const link = await assertLink(line, workspace, { ...tie, ...by });
    await revokeLink(line, workspace, { link: link.id, by: 'privacy', reason: 'two people' });
    const again = await assertLink(line, workspace, { ...tie, by: 'somebody else', reason: 'surely one' });
    expect(again).toMatchObject({ status: 'REVOKED', decidedBy: 'privacy', reason: 'two people', evidence: { reason: 'same address' } });
  });

  it('sets apart for good also what another link held together at that time', async () => {
    await using domain = await createTestDomain();
    const { line, workspace, database } = domain;
    await meet(line, workspace, [
      { email: 'a@shop.example', phone },
      { email: 'a@shop.example', anonymous: 'device' },
      { phone, anonymous: 'device' },
    ]);
    const links = await database.query<{ id: string; rule: string; a: string; b: string }>(
      workspace.id,
      `select l.id, string_agg(h.namespace, ' ' order by h.namespace) as rule from link l join identity h on h.id in (l.a, l.b) where l.workspace_id = $1 group by l.id`,
      [workspace.id],
    );
    const idOf = (rule: string) => links.find((link) => link.rule === rule)?.id ?? '';
    await revokeLink(line, workspace, { link: idOf('email phone'), ...by });
    expect(await whoIsWho(line, workspace)).toHaveLength(1);
    await revokeLink(line, workspace, { link: idOf('anonymous phone'), ...by });
    await meet(line, workspace, [
      { email: 'a@shop.example', user: 'hanako' },
      { user: 'hanako', phone },
    ]);
    expect(await whoIsWho(line, workspace)).toEqual([['anonymous device', 'email a@shop.example', 'user hanako'], ['phone +819012345678']]);
  });
});

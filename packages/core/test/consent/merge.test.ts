import { assertLink, type Database, revokeLink, type Submission } from '@enishi/core';
import { createTestDomain, instants } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { type ConsentRecord, verifyChain } from '../../src/consent/ledger.ts';

const at = instants();
const by = { by: 'operator', reason: 'same person' };
const [mail, account] = [
  { namespace: 'email', value: 'hanako@shop.example' },
  { namespace: 'user', value: 'hanako' },
];
const said = (
  identity: { namespace: string; value: string },
  state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN',
  evidence: Record<string, unknown> = {},
): Submission => ({
  type: 'enishi.consent_recorded',
  identifiers: { [identity.namespace]: identity.value },
  consents: [{ purpose: 'marketing', channel: 'email', state, evidence }],
});

const consents = async (database: Database, workspaceId: number): Promise<string[]> => {
  const rows = await database.query<{ state: string }>(
    workspaceId,
    `select consents -> 'marketing/email' ->> 'state' as state from customer where workspace_id = $1 order by 1`,
    [workspaceId],
  );
  return rows.map(({ state }) => state);
};

/** The ledger of one identity as the table has it. */
const ledger = (database: Database, workspaceId: number, value: string): Promise<ConsentRecord[]> =>
  database.query<ConsentRecord>(
    workspaceId,
    `select r.identity_id as "identityId", r.position, r.event_id as "eventId", r.purpose, r.channel, r.scope, r.state, r.occurred_at as "occurredAt",
       r.recorded_at as "recordedAt", r.source_id as "sourceId", r.evidence, r.previous_hash as "previousHash", r.hash
     from consent_record r join identity h on h.id = r.identity_id where r.workspace_id = $1 and h.value = $2 order by r.position`,
    [workspaceId, value],
  );

it('lets the no of either side win a merge until a yes comes after it, and gives each side its own back', async () => {
  let minute = 0;
  await using domain = await createTestDomain({ now: () => at(minute) });
  const { line, workspace, database } = domain;
  const later = () => {
    minute += 1;
  };
  await line.accept(workspace, 'form', [said(mail, 'WITHDRAWN')]);
  later();
  await line.accept(workspace, 'form', [said(account, 'GIVEN')]);
  later();
  const link = await assertLink(line, workspace, { a: mail, b: account, ...by });
  expect(await consents(database, workspace.id)).toEqual(['WITHDRAWN']);
  later();
  await line.accept(workspace, 'form', [said(account, 'GIVEN')]);
  expect(await consents(database, workspace.id)).toEqual(['GIVEN']);
  later();
  await line.accept(workspace, 'form', [said(mail, 'REFUSED')]);
  expect(await consents(database, workspace.id)).toEqual(['REFUSED']);
  later();
  await revokeLink(line, workspace, { link: link.id, ...by });
  expect(await consents(database, workspace.id)).toEqual(['GIVEN', 'REFUSED']);
});

it('takes the decision that was made last for the one in force, not the one that arrived last', async () => {
  await using domain = await createTestDomain({ now: () => at(100) });
  const { line, workspace, database } = domain;
  await line.accept(workspace, 'form', [{ ...said(mail, 'WITHDRAWN'), at: at(50) }]);
  await line.accept(workspace, 'old file', [{ ...said(mail, 'GIVEN'), at: at(10) }]);
  expect(await consents(database, workspace.id)).toEqual(['WITHDRAWN']);
  await line.accept(workspace, 'form', [{ ...said(mail, 'GIVEN'), at: at(60) }]);
  expect(await consents(database, workspace.id)).toEqual(['GIVEN']);
});

it('keeps every decision in a chain that shows where somebody tampered with it', async () => {
  await using domain = await createTestDomain();
  const { line, workspace, database, url } = domain;
  const evidence = { notice: 'v3', screen: { z: 1, a: [1.5, 'あ', null] }, shown: new Date(0), left: undefined, big: 1e21 };
  await line.accept(workspace, 'form', [said(mail, 'GIVEN', evidence), said(mail, 'WITHDRAWN'), said(account, 'GIVEN')]);
  await Promise.all(
    Array.from({ length: 6 }, (_, n) => line.accept(workspace, 'form', [said(mail, n % 2 === 0 ? 'GIVEN' : 'REFUSED', { n })])),
  );
  const chain = await ledger(database, workspace.id, mail.value);
  expect(chain.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(verifyChain(chain)).toEqual({ intact: true });
  expect(verifyChain(await ledger(database, workspace.id, account.value))).toEqual({ intact: true });

  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`update consent_record set state = 'GIVEN' where position = 2`);
  expect(verifyChain(await ledger(database, workspace.id, mail.value))).toEqual({ intact: false, position: 2 });
  await owner.query(`update consent_record set state = 'WITHDRAWN', evidence = '{"n": 99}' where position = 2`);
  expect(verifyChain(await ledger(database, workspace.id, mail.value))).toEqual({ intact: false, position: 2 });
  await owner.query('delete from consent_record where position = 2');
  expect(verifyChain(await ledger(database, workspace.id, mail.value))).toEqual({ intact: false, position: 3 });
  await owner.end();
});

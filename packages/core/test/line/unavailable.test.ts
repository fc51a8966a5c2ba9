import { Line, LineUnavailable, type Receipt } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';
import { shop } from './world.ts';

const batch = (from: number) =>
  Array.from({ length: 20 }, (_, n) => ({
    id: `order-${from + n}`,
    type: 'shop.ordered',
    identifiers: { user: `person-${n % 5}` },
    properties: { total: 1 },
  }));

/** Ends every connection of the application, again and again while `work` runs, as a database that restarts does. */
async function whileItRestarts<TResult>(url: string, work: () => Promise<TResult>): Promise<TResult> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  let going = true;
  const kill = async (): Promise<void> => {
    while (going)
      await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'enishi' and datname = current_database()`,
      );
  };
  const killing = kill();
  try {
    return await work();
  } finally {
    going = false;
    await killing;
    await owner.end();
  }
}

/** Sends again as callers do; the first tries may still meet connections that ended with the restart. */
async function untilTaken(send: () => Promise<Receipt[]>): Promise<Receipt[]> {
  for (;;) {
    const outcome = await send().catch((error: unknown) => error);
    if (Array.isArray(outcome)) return outcome;
    if (!(outcome instanceof LineUnavailable)) throw outcome;
  }
}

it('answers LineUnavailable while the database restarts, and the same ids sent again are stored exactly once', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database, url } = domain;
  await line.accept(workspace, 'store', batch(0));
  const failures = await whileItRestarts(url, async () => {
    const answers = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => line.accept(workspace, 'store', batch(n * 10))));
    return answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  });
  expect(failures.filter((failure) => !(failure instanceof LineUnavailable))).toEqual([]);
  for (let n = 0; n < 30; n += 1) {
    const receipts = await untilTaken(() => line.accept(workspace, 'store', batch(n * 10)));
    expect(receipts.filter(({ status }) => status !== 'ACCEPTED' && status !== 'DUPLICATE')).toEqual([]);
  }
  const [row] = await database.query(workspace.id, 'select count(*) as n, count(distinct id) as ids from event where workspace_id = $1', [
    workspace.id,
  ]);
  expect(row).toEqual({ n: 310, ids: 310 });
});

it('says the same where nothing is known yet: a first source, a first month', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { workspace, database, registry, url } = domain;
  const line = new Line({ database, registry });
  await whileItRestarts(url, async () => {
    for (let n = 0; n < 10; n += 1) {
      const outcome = await line
        .accept(workspace, `source-${n}`, [{ ...batch(0)[0], at: new Date(Date.UTC(2020, n, 1)) }])
        .catch((error: unknown) => error);
      if (!Array.isArray(outcome)) expect(outcome).toBeInstanceOf(LineUnavailable);
    }
  });
  const after = await untilTaken(() => line.accept(workspace, 'source-0', [{ ...batch(0)[0], id: 'after' }]));
  expect(after).toMatchObject([{ status: 'ACCEPTED' }]);
  await line.close();
});

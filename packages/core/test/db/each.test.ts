import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';

const numbers = 'select n from generate_series(1, $1::int) n';

it('hands over every row, in order, between the statements before and behind it', async () => {
  await using domain = await createTestDomain();
  const taken: number[] = [];
  const rows = await domain.database.transaction(domain.workspace.id, async (sql) => {
    const all = sql.each<{ n: number }>(numbers, [5000], ({ n }) => taken.push(n));
    const behind = await sql<{ n: number }>(numbers, [2]);
    await all;
    return behind;
  });
  expect(taken).toEqual(Array.from({ length: 5000 }, (_, place) => place + 1));
  expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
});

it('fails with what its taker throws or PostgreSQL refuses, and the connection goes on serving', async () => {
  await using domain = await createTestDomain();
  const { database, workspace } = domain;
  const stumble = (): void => {
    throw new Error('stumbled');
  };
  await expect(database.transaction(workspace.id, (sql) => sql.each(numbers, [5000], stumble))).rejects.toThrow('stumbled');
  await expect(database.transaction(workspace.id, (sql) => sql.each('select 1 / $1::int', [0], stumble))).rejects.toThrow(
    /division by zero/,
  );
  expect(await database.query(workspace.id, numbers, [1])).toEqual([{ n: 1 }]);
});

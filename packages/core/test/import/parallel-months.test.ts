import { createWorkspace, Database } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('makes the table of a time once, however many batches need it at the same moment', async () => {
  await using test = await createTestDatabase();
  const workspace = await createWorkspace(test.url, { key: 'main', name: 'Main' });
  const database = await Database.open({ url: test.url, connections: 8 });
  try {
    for (const month of ['1990-02', '2000-01', '2019-12', '2020-01', '2020-02', '2026-05']) {
      const calls = Array.from({ length: 8 }, () =>
        database.query(workspace.id, 'select ensure_event_partition($1::date)', [`${month}-01`]),
      );
      await expect(Promise.all(calls)).resolves.toHaveLength(8);
    }
  } finally {
    await database.close();
  }
});

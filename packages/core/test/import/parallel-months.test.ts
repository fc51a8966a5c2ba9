import { createWorkspace, Database } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('makes the partition of a month once, however many batches need it at the same moment', async () => {
  await using test = await createTestDatabase();
  const workspace = await createWorkspace(test.url, { key: 'main', name: 'Main' });
  const database = await Database.open({ url: test.url, connections: 8 });
  try {
    for (let year = 1990; year < 2000; year += 1) {
      const calls = Array.from({ length: 8 }, () =>
        database.query(workspace.id, 'select ensure_event_partition($1::date)', [`${year}-02-01`]),
      );
      await expect(Promise.all(calls)).resolves.toHaveLength(8);
    }
  } finally {
    await database.close();
  }
});

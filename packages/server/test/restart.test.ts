import { createWorkspace, Database, Line, LineUnavailable, loadSegment, Registry, saveSegment } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { createServer } from '../src/index.ts';

it('finishes the segments that a process before it was stopped over, before it listens', async () => {
  await using test = await createTestDatabase();
  const workspace = await createWorkspace(test.url, { key: 'main', name: 'Main' });
  const database = await Database.open({ url: test.url });
  await using _ = { [Symbol.asyncDispose]: () => database.close() };
  // Stopped as soon as the first page of customers has been asked.
  const before: Line = new Line({
    database,
    registry: new Registry([]),
    onBatch: ({ events }) => {
      if (events === 0) void before.close();
    },
  });
  const seen = Array.from({ length: 1200 }, (_, n) => ({ type: 'enishi.page_viewed', identifiers: { user: `person-${n}` } }));
  await before.accept(workspace, 'web', seen);
  const visitors = { key: 'visitors', name: 'Visitors', rule: { event: 'enishi.page_viewed' } };
  await expect(saveSegment(before, workspace, visitors)).rejects.toThrow(LineUnavailable);
  expect(await loadSegment(database, workspace.id, 'visitors')).toMatchObject({ status: 'BUILDING', size: 1000 });

  await using _server = await createServer({ database: { url: test.url, connections: 3 } }, { background: false });
  expect(await loadSegment(database, workspace.id, 'visitors')).toMatchObject({ status: 'LIVE', size: 1200 });
});

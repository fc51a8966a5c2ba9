import { authenticate, createKey, statement } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('is not misled by a temporary table of the same name as the one that holds the keys', async () => {
  await using domain = await createTestDomain();
  const { database, workspace } = domain;
  const { key } = await createKey(database, workspace, { name: 'real', role: 'bi' });
  const answered = await database.transaction(workspace.id, async (sql) => {
    await sql('create temporary table api_key on commit drop as select * from public.api_key');
    await sql(`update api_key set hash = '\\xbeef'`);
    return sql(statement('forged_key', 'select id from authenticate_key($1)'), [Buffer.from('beef', 'hex')]);
  });
  expect(answered).toEqual([]);
  expect((await authenticate(database, key))?.role).toBe('bi');
});

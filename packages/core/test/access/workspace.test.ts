import { createWorkspace, Database, InvalidWorkspace, listWorkspaces, loadWorkspace } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('makes a workspace once, however often it is asked to', async () => {
  await using testDatabase = await createTestDatabase();
  const salt = Buffer.from('the same each time');
  const first = await createWorkspace(testDatabase.url, { key: 'main', name: 'Main', salt });
  const again = await createWorkspace(testDatabase.url, { key: 'main', name: 'Another name', country: 'DE' });
  expect(first).toEqual({ id: first.id, key: 'main', name: 'Main', country: 'JP', salt });
  expect(again).toEqual(first);
});

it('gives each workspace a salt of its own', async () => {
  await using testDatabase = await createTestDatabase();
  const a = await createWorkspace(testDatabase.url, { key: 'a', name: 'A' });
  const b = await createWorkspace(testDatabase.url, { key: 'b', name: 'B' });
  expect(a.salt).toHaveLength(32);
  expect(a.salt.equals(b.salt)).toBe(false);
});

it('refuses a key that could not stand in an address, and a country that is none', async () => {
  const input = { key: 'Main Store', name: '', country: 'japan' };
  await expect(createWorkspace('postgres://nowhere.invalid/none', input)).rejects.toBeInstanceOf(InvalidWorkspace);
});

it('is found by its key from the application side', async () => {
  await using testDatabase = await createTestDatabase();
  const made = await createWorkspace(testDatabase.url, { key: 'main', name: 'Main' });
  const second = await createWorkspace(testDatabase.url, { key: 'second', name: 'Second', country: 'GB' });
  const database = await Database.open({ url: testDatabase.url });
  try {
    expect(await loadWorkspace(database, 'main')).toEqual(made);
    expect(await loadWorkspace(database, 'nobody')).toBeUndefined();
    expect(await listWorkspaces(database)).toEqual([made, second]);
  } finally {
    await database.close();
  }
});

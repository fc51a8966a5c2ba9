import { createWorkspace, Desks, PluginStateRefused, Registry, SecretKeyMissing } from '@enishi/core';
import { definePlugin } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

const secretKey = 'k'.repeat(32);
const shop = definePlugin({ name: 'shop', description: 'A shop.', config: z.object({}) })({});
const forever = new AbortController().signal;

async function createWorld(key: string | undefined = secretKey) {
  const domain = await createTestDomain({ plugins: [shop] });
  let time = Date.parse('2026-06-01T00:00:00Z');
  const desks = (secret = key) =>
    new Desks({ database: domain.database, registry: new Registry([shop]), secretKey: secret, now: () => new Date(time) });
  return {
    ...domain,
    desks,
    state: (plugin = 'shop', workspace = domain.workspace) => desks().of(plugin, workspace, forever).state,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    rows: () => domain.database.query<{ value: unknown; sealed: Buffer | null }>(1, 'select * from plugin_state where workspace_id = 1'),
    [Symbol.asyncDispose]: domain[Symbol.asyncDispose],
  };
}

it('keeps JSON per plugin and workspace', async () => {
  await using world = await createWorld();
  const other = await createWorkspace(world.url, { key: 'other', name: 'Other' });
  await world.state().set('cursor', { page: 3, tags: ['お茶'] });
  expect(await world.state().get('cursor')).toEqual({ page: 3, tags: ['お茶'] });
  expect(await world.state('rival').get('cursor')).toBeUndefined();
  expect(await world.state('shop', other).get('cursor')).toBeUndefined();
  await world.state().set('cursor', null);
  expect(await world.state().get('cursor')).toBeNull();
  await world.state().delete('cursor');
  expect(await world.state().get('cursor')).toBeUndefined();
});

it('a value is taken by exactly one of many', async () => {
  await using world = await createWorld();
  await world.state().set('nonce', { for: 'hanako' }, { secret: true });
  const taken = await Promise.all(Array.from({ length: 20 }, () => world.state().take('nonce')));
  expect(taken.filter((value) => value !== undefined)).toEqual([{ for: 'hanako' }]);
});

it('forgets what was kept for a while', async () => {
  await using world = await createWorld();
  await world.state().set('token', 'abc', { forSeconds: 60 });
  world.pass(59);
  expect(await world.state().get('token')).toBe('abc');
  world.pass(1);
  expect(await world.state().get('token')).toBeUndefined();
  expect(await world.state().take('token')).toBeUndefined();
});

it('a secret is unreadable in the table, and opens under no other key, plugin, workspace or name', async () => {
  await using world = await createWorld();
  await world.state().set('token', 'the-vendors-token', { secret: true });
  const [row] = await world.rows();
  expect(row?.value).toBeNull();
  expect(JSON.stringify(row)).not.toContain('the-vendors-token');
  expect(row?.sealed?.includes('the-vendors-token')).toBe(false);
  expect(await world.state().get('token')).toBe('the-vendors-token');
  const elsewhere = world.desks('another key of 32 characters, it is').of('shop', world.workspace, forever).state;
  await expect(elsewhere.get('token')).rejects.toThrow(PluginStateRefused);
  await world.database.query(1, `update plugin_state set plugin = 'rival' where workspace_id = 1`);
  await expect(world.state('rival').get('token')).rejects.toThrow(PluginStateRefused);
  await world.database.query(1, `update plugin_state set plugin = 'shop', key = 'renamed' where workspace_id = 1`);
  await expect(world.state().get('renamed')).rejects.toThrow(PluginStateRefused);
});

it('without a key it keeps no secret and says what to set', async () => {
  await using world = await createWorld('');
  const { state } = new Desks({ database: world.database, registry: world.registry }).of('shop', world.workspace, forever);
  await expect(state.set('token', 'abc', { secret: true })).rejects.toThrow(SecretKeyMissing);
  await expect(state.set('token', 'abc', { secret: true })).rejects.toThrow('ENISHI_SECRET_KEY');
  await state.set('token', 'abc');
  expect(await world.rows()).toHaveLength(1);
});

it.each([
  ['larger than 64 KiB', 'x'.repeat(64 * 1024)],
  ['no JSON', undefined],
  ['unstorable', 'a\0b'],
])('refuses what is %s', async (_, value) => {
  await using world = await createWorld();
  await expect(world.state().set('k', value)).rejects.toThrow(PluginStateRefused);
  await world.state().set('k', 'x'.repeat(64 * 1024 - 2));
  expect(await world.state().get('k')).toHaveLength(64 * 1024 - 2);
});

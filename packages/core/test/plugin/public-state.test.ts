import { createWorkspace, Desks, publicState, Registry } from '@enishi/core';
import { definePlugin } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';

it('shows what a plugin keeps in public, in the order asked for, and nothing else', async () => {
  const shop = definePlugin({ name: 'shop', description: 'A shop.', config: z.object({}) })({});
  await using domain = await createTestDomain({ plugins: [shop] });
  const { database, workspace } = domain;
  const begin = new Date('2026-06-01T00:00:00Z');
  const desks = new Desks({ database, registry: new Registry([shop]), secretKey: 'k'.repeat(32), now: () => begin });
  const { state } = desks.of('shop', workspace, new AbortController().signal);
  await state.set('public/tea', { price: 1500 });
  await state.set('public/soon', 'gone', { forSeconds: 60 });
  await state.set('public/token', 'sealed', { secret: true });
  await state.set('nonce', 'private');
  const keys = ['nonce', 'public/token', 'public/soon', 'public/none', 'public/tea'];
  const shown = (plugin = 'shop', { id } = workspace, seconds = 0) =>
    publicState(database, { workspaceId: id, plugin, keys, now: new Date(begin.getTime() + seconds * 1000) });

  expect(await shown()).toEqual([undefined, undefined, 'gone', undefined, { price: 1500 }]);
  expect(await shown('shop', workspace, 61)).toEqual([undefined, undefined, undefined, undefined, { price: 1500 }]);
  expect(await shown('rival')).toEqual(keys.map(() => undefined));
  expect(await shown('shop', await createWorkspace(domain.url, { key: 'other', name: 'Other' }))).toEqual(keys.map(() => undefined));
});

import { createHash } from 'node:crypto';
import { authenticate, createKey, createWorkspace, Database, InvalidKeyRequest, KeyNotFound, listKeys, revokeKey } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import { expect, it } from 'vitest';

async function world() {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await createTestDatabase());
  const database = await Database.open({ url });
  stack.defer(() => database.close());
  const workspace = await createWorkspace(url, { key: 'main', name: 'Main' });
  return { url, database, workspace, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

it('knows a caller by its key, with the rights and purpose of its role', async () => {
  await using w = await world();
  const { id, key } = await createKey(w.database, w.workspace, { name: 'Store tablet', role: 'front-end' });
  const caller = await authenticate(w.database, key);
  expect(caller).toMatchObject({ keyId: id, role: 'front-end', purpose: 'service', source: 'api', workspace: { key: 'main' } });
  expect([...(caller?.scopes ?? [])].sort()).toEqual([
    'accounts:connect',
    'consents:read',
    'customers:read',
    'events:read',
    'segments:read',
  ]);
});

it('books the events of a key under the source it names', async () => {
  await using w = await world();
  const { key } = await createKey(w.database, w.workspace, { name: 'Shop', role: 'source', source: 'ec.orders', purpose: 'marketing' });
  expect(await authenticate(w.database, key)).toMatchObject({ source: 'ec.orders', purpose: 'marketing' });
});

it('stores nothing that could be used to call', async () => {
  await using w = await world();
  const { key } = await createKey(w.database, w.workspace, { name: 'Shop', role: 'source' });
  const [row] = await w.database.query<{ hash: Buffer; row: string }>(w.workspace.id, 'select hash, api_key::text as row from api_key');
  expect(row?.hash).toEqual(createHash('sha256').update(key).digest());
  expect(row?.row).not.toContain(key.slice(4));
});

it('turns away what is no key, an expired key and another key', async () => {
  await using w = await world();
  const expired = await createKey(w.database, w.workspace, { name: 'Old', role: 'bi', expiresAt: new Date('2020-01-01') });
  for (const raw of ['', 'eni_', "eni_' or true --", `eni_${'a'.repeat(10_000)}`, `eni_${'a'.repeat(43)}`, expired.key])
    expect(await authenticate(w.database, raw)).toBeUndefined();
});

it('turns a revoked key away at once, though it was just used', async () => {
  await using w = await world();
  const { id, key } = await createKey(w.database, w.workspace, { name: 'Shop', role: 'source' });
  expect(await authenticate(w.database, key)).toBeDefined();
  await revokeKey(w.database, w.workspace.id, id);
  expect(await authenticate(w.database, key)).toBeUndefined();
  expect(await listKeys(w.database, w.workspace.id)).toMatchObject([
    { id, name: 'Shop', prefix: key.slice(0, 8), revokedAt: expect.any(Date) },
  ]);
});

it('says what is wrong with a request for a key', async () => {
  await using w = await world();
  const wrong = { name: ' ', role: 'root', scopes: ['customers:read', 'all'], purpose: 'X', source: '../x', expiresAt: new Date('never') };
  const error = await createKey(w.database, w.workspace, wrong).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidKeyRequest);
  expect(error).toMatchObject({ code: 'INVALID_KEY_REQUEST' });
  const paths = (error as InvalidKeyRequest).details?.violations as { path: string }[];
  expect(paths.map(({ path }) => path)).toEqual(['name', 'role', 'scopes', 'purpose', 'source', 'expiresAt']);
});

it('cannot revoke what it does not know, nor the key of another workspace', async () => {
  await using w = await world();
  const other = await createWorkspace(w.url, { key: 'other', name: 'Other' });
  const { id, key } = await createKey(w.database, other, { name: 'Theirs', role: 'source' });
  await expect(revokeKey(w.database, w.workspace.id, id)).rejects.toBeInstanceOf(KeyNotFound);
  await expect(revokeKey(w.database, w.workspace.id, 'nonsense')).rejects.toBeInstanceOf(KeyNotFound);
  expect(await authenticate(w.database, key)).toMatchObject({ workspace: { key: 'other' } });
});

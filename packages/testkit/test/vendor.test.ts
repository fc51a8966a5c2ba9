import { createDesk, type Fault, fakeVendor } from '@enishi/testkit';
import { expect, it } from 'vitest';

const order = { id: 'o1', total: 1200 };

async function shop() {
  const vendor = await fakeVendor();
  vendor.on('GET /orders/:id', (_request, { id }) => ({ json: { ...order, id } }));
  const { fetch } = createDesk({ hosts: [vendor.host] });
  return { vendor, get: (id: string) => fetch(`${vendor.url}/orders/${id}?full=1`, { headers: { 'x-key': 'k' } }) };
}

it('answers its routes and keeps every call', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  expect(await (await get('o 7')).json()).toEqual({ id: 'o 7', total: 1200 });
  const [call] = vendor.requests;
  expect(call).toMatchObject({ method: 'GET', path: '/orders/o%207', query: { full: '1' }, headers: { 'x-key': 'k' } });
});

it.each([
  ['busy', 429],
  ['broken', 500],
  ['unauthorised', 401],
  [{ status: 200, json: { ok: false } }, 200],
  [{ afterMs: 1 }, 200],
] satisfies [Fault, number][])('answers %j with %i', async (fault, status) => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.fault(fault, { times: 1 });
  expect((await get('o1')).status).toBe(status);
  expect(await (await get('o1')).json()).toEqual(order);
  expect(vendor.requests).toHaveLength(2);
});

it('sends a page where JSON is awaited', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.fault('html');
  const reply = await get('o1');
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  await expect(reply.json()).rejects.toThrow(SyntaxError);
});

it('breaks off in the middle of a body, and before a word', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.fault('cut');
  const reply = await get('o1');
  expect(reply.status).toBe(200);
  await expect(reply.text()).rejects.toThrow(TypeError);
  vendor.fault('gone');
  await expect(get('o1')).rejects.toThrow(TypeError);
});

it('is silent until it is released', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.fault('silent');
  const reply = get('o1');
  await vendor.next();
  vendor.release();
  expect(await (await reply).json()).toEqual(order);
});

it('leads inside, where nobody should follow', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.fault('inside');
  await expect(get('o1')).rejects.toThrow('not among the hosts declared');
  expect(vendor.trespassers).toEqual([]);
  await fetch(`${vendor.url}/orders/o1`);
  expect(vendor.trespassers).toHaveLength(1);
});

it('fails on one route alone, until it is healed', async () => {
  const { vendor, get } = await shop();
  await using _ = vendor;
  vendor.on('GET /orders/*', { json: 'any' });
  vendor.fault('broken', { on: 'GET /orders/o2' });
  expect([(await get('o1')).status, (await get('o2')).status]).toEqual([200, 500]);
  vendor.heal();
  expect((await get('o2')).status).toBe(200);
});

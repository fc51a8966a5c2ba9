import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { till } from '../fixture/plugin.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ plugins: [till({})], limits: { hookBytes: 10_000, hookSeconds: 0.2 } });
});
afterAll(() => world[Symbol.asyncDispose]());

const sale = (id: string, rest: Record<string, unknown> = {}) => ({ id, member: '4901234567894', item: 'tea', price: 300, ...rest });
const sign = (body: string) => createHmac('sha256', 'till-secret').update(body).digest('hex');
const post = (source: string, body: string, headers: Record<string, string> = {}) =>
  world.http
    .post(`/hooks/till/${source}`)
    .set({ 'content-type': 'application/json', ...headers })
    .send(body);
const stored = async (id: string) => (await world.events()).filter(({ properties }) => properties.item === id);

describe('a webhook', () => {
  it('stores what the vendor signed and answers a receipt each', async () => {
    const body = JSON.stringify(sale('w1', { item: 'signed' }));
    const answer = await post('sales', body, { 'x-till-signature': sign(body) });
    expect(answer.status).toBe(200);
    expect(answer.body.receipts).toMatchObject([{ status: 'ACCEPTED', id: 'w1' }]);
    expect(await stored('signed')).toMatchObject([{ type: 'till.sold', source: 'till.sales' }]);
    expect((await post('sales', body, { 'x-till-signature': sign(body) })).body.receipts).toMatchObject([{ status: 'DUPLICATE' }]);
  });

  it.each([
    ['another', { 'x-till-signature': sign('another body') }],
    ['no', {}],
  ])('refuses %s signature before it parses', async (_, headers) => {
    const answer = await post('sales', '{not json', headers as Record<string, string>);
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe('INVALID_SIGNATURE');
  });

  it('names each thing wrong with the shape', async () => {
    const answer = await post('open', JSON.stringify({ id: 'w2', member: 7, price: 'much' }));
    expect(answer.status).toBe(400);
    expect(answer.body.error.details.violations.map(({ path }: { path: string }) => path)).toEqual(['member', 'item', 'price']);
  });

  it('quarantines what the line refuses', async () => {
    const answer = await post('open', JSON.stringify(sale('w3', { at: '1900-01-01T00:00:00Z' })));
    expect(answer.body.receipts).toMatchObject([{ status: 'QUARANTINED', violations: [{ path: 'at' }] }]);
  });

  it('reads forms', async () => {
    const answer = await world.http
      .post('/hooks/till/open')
      .type('form')
      .send(sale('w4', { item: 'form' }));
    expect(answer.body.receipts).toMatchObject([{ status: 'ACCEPTED' }]);
    const multipart = await world.http
      .post('/hooks/till/open')
      .field('id', 'w5')
      .field('member', 'M5')
      .field('item', 'x')
      .field('price', '5');
    expect(multipart.body.receipts).toMatchObject([{ status: 'ACCEPTED' }]);
  });

  it('books under the workspace that is asked for, and there must be one', async () => {
    expect((await post('open?workspace=main', JSON.stringify(sale('w6')))).status).toBe(200);
    expect((await post('open?workspace=other', JSON.stringify(sale('w7')))).body.error.code).toBe('UNKNOWN_WORKSPACE');
  });

  it('shows its page to a browser, and nothing where it has none', async () => {
    const page = await world.http.get('/hooks/till/sales');
    expect(page.text).toBe('<p>Sure?</p>');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect((await world.http.get('/hooks/till/open')).status).toBe(405);
  });

  it.each(['/hooks/till/nothing', '/hooks/nobody/sales', '/hooks/till/lines', '/hooks/__proto__/x'])('%s: 404', async (path) => {
    expect((await world.http.post(path).send({})).status).toBe(404);
  });

  it('takes no more bytes than it should', async () => {
    expect((await post('open', JSON.stringify(sale('w8', { item: 'x'.repeat(20_000) })))).status).toBe(413);
  });

  it('a plugin that throws is masked, its reason logged under the id, and the next call is served', async () => {
    const answer = await post('thrower', '{}', { 'x-request-id': 'request-of-the-thrower' });
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({
      error: { code: 'INTERNAL', message: expect.stringContaining('request-of-the-thrower') },
      requestId: 'request-of-the-thrower',
    });
    const line = world.log.find(({ requestId, msg }) => requestId === 'request-of-the-thrower' && msg === 'unforeseen');
    expect(line).toMatchObject({ level: 'error', err: { message: 'the till of [redacted] exploded' } });
    expect((await post('open', JSON.stringify(sale('w9')))).status).toBe(200);
  });

  it('a plugin that hangs costs its caller a 503, not the connection', async () => {
    const answer = await post('sleeper', '{}');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });
});

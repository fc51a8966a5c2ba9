import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('answers a client that offers HTTP/2 with its call, as Java does, like any other', async () => {
  const headers = {
    authorization: `Bearer ${await world.key('source')}`,
    'content-type': 'application/json',
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  };
  const body = JSON.stringify({ batch: [{ type: 'track', messageId: 'h2c-1', event: 'Joined', userId: 'u-1' }] });
  const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    request(`${world.url}/v1/batch`, { method: 'POST', headers }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode, text: said }), reject);
    })
      .on('error', reject)
      .end(body);
  });
  expect(answer.status).toBe(200);
  expect(await world.events()).toHaveLength(1);
});

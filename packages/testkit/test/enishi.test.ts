import { createTestEnishi, personNumber } from '@enishi/testkit';
import { expect, it } from 'vitest';

it('is the server as it runs, on a port of its own', async () => {
  await using enishi = await createTestEnishi();
  await enishi.http.get('/readyz').expect(200);
  const { email } = personNumber(1);
  const event = { type: 'track', event: 'Called', userId: 'u1', messageId: 'm1', context: { traits: { email } } };
  await enishi.http
    .post('/v1/track')
    .auth(await enishi.key('source'), '')
    .send(event)
    .expect(200);
  await enishi.settle();
  const [row] = await enishi.database.query(enishi.workspace.id, 'select count(*) from event');
  expect(row).toEqual({ count: 1 });
});

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

const saveJoined = `mutation($rule: JSON!) { saveSegment(input: { key: "joined", name: "Joined", rule: $rule }) { ... on Segment { key } } }`;
const watchJoined = 'subscription { segmentChanges(segment: "joined", heartbeats: true) { change } }';
const rule = { event: 'enishi.tracked', where: [{ property: 'event', is: 'Joined' }] };

it('asks GraphQL and follows a segment live, each as a role', async () => {
  await using enishi = await createTestEnishi();
  expect(await enishi.graphql('operator', saveJoined, { rule })).toEqual({ data: { saveSegment: { key: 'joined' } } });
  await using changes = await enishi.subscribe('marketer', watchJoined);
  expect(await changes.next()).toEqual({ segmentChanges: { change: 'CURRENT' } });
  const submission = { type: 'enishi.tracked', identifiers: { email: personNumber(1).email }, properties: { event: 'Joined' } };
  await enishi.line.accept(enishi.workspace, 'api', [submission]);
  expect(await changes.next()).toEqual({ segmentChanges: { change: 'ENTERED' } });
});

it('shows what a role may not do, and how a wrong key is sent away', async () => {
  await using enishi = await createTestEnishi();
  const { errors } = await enishi.graphql('bi', saveJoined, { rule });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const stranger = enishi.live('eni_wrong');
  await expect(stranger.subscribe(watchJoined).next()).rejects.toBeDefined();
  expect(await stranger.closed).toMatchObject({ code: 4403 });
});

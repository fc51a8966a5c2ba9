import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = await world.key('operator');
});
afterAll(() => world[Symbol.asyncDispose]());

const ask = (query: string, bearer = `Bearer ${key}`) => world.http.post('/graphql').set('authorization', bearer).send({ query });

describe('GraphQL over HTTP', () => {
  it('answers whoever has a key', async () => {
    expect((await ask('{ me { role workspace { key } } }')).body).toEqual({
      data: { me: { role: 'operator', workspace: { key: 'main' } } },
    });
  });

  it.each(['Bearer eni_wrong', 'Basic x', ''])('and nobody else: "%s"', async (bearer) => {
    const answer = await ask('{ me { role } }', bearer);
    expect(answer.status).toBe(401);
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('a question 30 levels deep is refused by name', async () => {
    const levels = 10;
    const deep = `{ deliveries ${'{ nodes { customer { deliveries '.repeat(levels)} { nodes { id } } ${'} } }'.repeat(levels)} }`;
    const answer = await ask(deep);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_DEEP' } }]);
  });

  it('a question longer than any program needs is refused before it is read', async () => {
    const answer = await ask(`{ me { role } } #${'x'.repeat(30_000)}`);
    expect(answer.body.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }]);
  });

  it('another web site cannot make a browser ask: a simple GET is refused', async () => {
    const answer = await world.http.get('/graphql').query({ query: '{ __typename }' }).set('authorization', `Bearer ${key}`);
    expect(answer.status).toBe(400);
  });

  it('events come in with a receipt each and are counted', async () => {
    const answer = await ask(
      'mutation { ingestEvents(events: [{ id: "g1", type: "enishi.tracked", identifiers: { user: "u1" }, properties: { event: "x" } }, { type: "nobody.knows", identifiers: { user: "u1" } }]) { status } }',
    );
    expect(answer.body).toEqual({ data: { ingestEvents: [{ status: 'ACCEPTED' }, { status: 'QUARANTINED' }] } });
    expect((await world.http.get('/metrics')).text).toContain('enishi_receipts_total{source="api",status="QUARANTINED"} 1');
  });
});

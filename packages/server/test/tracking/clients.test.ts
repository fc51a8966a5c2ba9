import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../world.ts';
import { flaky } from './flaky.ts';

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = await world.key('source');
});
afterAll(() => world[Symbol.asyncDispose]());

const typesOf = async (test: string) =>
  (await world.events())
    .filter(({ properties, context }) => properties.test === test || context?.test === test)
    .map(({ type }) => type)
    .sort();

const everyType = ['enishi.grouped', 'enishi.identified', 'enishi.linked', 'enishi.page_viewed', 'enishi.screen_viewed', 'enishi.tracked'];

describe('@segment/analytics-node', () => {
  it('sends each kind of message', async () => {
    const client = new Analytics({ writeKey: key, host: world.url, flushAt: 3 });
    const failures: unknown[] = [];
    client.on('error', (error) => failures.push(error));
    const context = { test: 'segment' } as object;
    client.identify({ userId: 's1', traits: { email: 'saki@shop.example.jp', rank: 'gold' }, context });
    client.track({ userId: 's1', event: 'Quiz Won', properties: { score: 3 }, context });
    client.page({ userId: 's1', name: 'Home', properties: { url: 'https://shop.example/' }, context });
    client.screen({ userId: 's1', name: 'Cart', context });
    client.group({ userId: 's1', groupId: 'family-7', traits: { name: 'Sato' }, context });
    client.alias({ userId: 's1', previousId: 'browser-7', context });
    await client.closeAndFlush();
    expect(failures).toEqual([]);
    expect(await typesOf('segment')).toEqual(everyType);
  });

  it.each(['before', 'after'] as const)('keeps and repeats what failed %s it was stored: exactly once', async (fail) => {
    await using network = await flaky(world.url, { failures: 1, fail });
    const client = new Analytics({ writeKey: key, host: network.url, flushAt: 5, maxRetries: 5 });
    for (let n = 0; n < 5; n++) client.track({ userId: 's2', event: 'Paid', properties: { test: `segment-${fail}`, n } });
    await client.closeAndFlush();
    expect(network.attempts).toHaveLength(2);
    expect(await typesOf(`segment-${fail}`)).toHaveLength(5);
  });
});

describe('@rudderstack/rudder-sdk-node', () => {
  it('sends each kind of message, gzipped under the label of a form', async () => {
    await using network = await flaky(world.url, { failures: 0, fail: 'before' });
    const client = new RudderAnalytics(key, { dataPlaneUrl: network.url, flushAt: 100, flushInterval: 1_000_000, logLevel: 'error' });
    const context = { test: 'rudder' };
    client.identify({ userId: 'r1', traits: { email: 'riku@shop.example.jp' }, context });
    client.track({ userId: 'r1', event: 'Quiz Won', properties: { score: 3 }, context });
    client.page({ userId: 'r1', name: 'Home', context });
    client.screen({ userId: 'r1', name: 'Cart', context });
    client.group({ userId: 'r1', groupId: 'family-8', context });
    client.alias({ userId: 'r1', previousId: 'browser-8', context });
    await client.flush();
    await expect.poll(() => typesOf('rudder')).toEqual(everyType);
    expect(network.attempts.every(({ encoding }) => encoding === 'gzip')).toBe(true);
    expect(network.attempts[0]?.type).toBe('application/x-www-form-urlencoded');
  });

  it.each(['before', 'after'] as const)('keeps and repeats what failed %s it was stored: exactly once', async (fail) => {
    await using network = await flaky(world.url, { failures: 1, fail });
    const client = new RudderAnalytics(key, { dataPlaneUrl: network.url, flushAt: 100, flushInterval: 1_000_000, logLevel: 'error' });
    for (let n = 0; n < 5; n++) client.track({ userId: 'r2', event: 'Paid', properties: { test: `rudder-${fail}`, n } });
    await client.flush();
    await expect.poll(() => typesOf(`rudder-${fail}`)).toHaveLength(5);
    expect(network.attempts.length).toBeGreaterThan(1);
  });
});

import type { Delivery } from '@enishi/plugin-sdk';
import { deliveryNumber, fakeVendor } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { ads } from '../src/index.ts';
import { sha256 } from '../src/normalise/index.ts';
import { type AdsSettings, deliveries, deskFor, hanako, messagesOf, metaOn, named, now, person, statusesOf } from './world.ts';

type Meta = NonNullable<AdsSettings['meta']>;

async function createConversions(over: Partial<NonNullable<Meta['conversions']>> = {}, meta: Partial<Meta> = {}) {
  const vendor = await fakeVendor();
  const known = { ...named, userAgent: { trait: 'browser' }, browserId: { trait: 'fbp' } };
  const plugin = ads({ known, meta: { ...metaOn(vendor), ...meta, conversions: { dataset: '555', ...over } } });
  return {
    vendor,
    conversions: messagesOf(plugin, 'conversions'),
    desk: deskFor(plugin),
    bodies: () => vendor.requests.map((request) => request.json() as { data: Record<string, unknown>[] }),
    [Symbol.asyncDispose]: () => vendor.stop(),
  };
}

const secondsAgo = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

const receipt = { total: 3300, currency: 'jpy', order_id: '10021' };
const bought = (properties: Record<string, unknown> = receipt, at = secondsAgo(60)): Delivery<never>['cause'] => ({
  segment: 'buyers',
  change: 'ENTERED',
  at,
  event: { id: 'event-of-ours', type: 'pos.purchase_completed', at, properties },
});
const purchase = {
  event: 'Purchase',
  actionSource: 'physical_store',
  value: { property: 'total' },
  currency: { property: 'currency' },
  orderId: { property: 'order_id' },
  custom: { content_type: 'product', rank: { trait: 'rank' } },
};
const told = (message: unknown, over: Partial<Delivery<unknown>> = {}) => {
  const parsed = deliveryNumber(1, message, { recipient: hanako, cause: bought(), ...over });
  return [parsed as Delivery<never>];
};

describe('an event', () => {
  it('carries our event, whose id makes Meta count it once', async () => {
    await using world = await createConversions({ fields: ['email', 'phone', 'country', 'externalId'], testEventCode: 'TEST12345' });
    const message = world.conversions.message.parse(purchase);
    expect(await world.conversions.send(told(message), world.desk)).toEqual([{ status: 'delivered', reference: 'A1' }]);
    expect(world.vendor.requests[0]).toMatchObject({ method: 'POST', path: '/v24.0/555/events', query: {} });
    expect(world.bodies()[0]).toEqual({
      access_token: 'token-of-the-tests',
      appsecret_proof: expect.stringMatching(/^[0-9a-f]{64}$/),
      test_event_code: 'TEST12345',
      data: [
        {
          event_name: 'Purchase',
          event_time: Math.floor(now.getTime() / 1000) - 60,
          event_id: 'event-of-ours',
          action_source: 'physical_store',
          user_data: {
            em: ['b6ebd83922edfa96b0ff9166a958badcc230dd68d2315ddfea22f20eaf05994a', sha256('taro@gmail.com')],
            ph: ['0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b'],
            country: ['9732c83e3e03fffde2ee65a9d826df8c4dd623c27fb92b952fe62a02f0726f87'],
            external_id: ['m-551'],
          },
          custom_data: { value: 3300, currency: 'JPY', order_id: '10021', content_type: 'product' },
        },
      ],
    });
  });

  it('may carry the id that the pixel sends, and without an event carries the id of its delivery', async () => {
    await using world = await createConversions();
    const lead = { event: 'Lead', actionSource: 'other' };
    const byPixel = world.conversions.message.parse({ ...lead, eventId: { property: 'order_id' } });
    await world.conversions.send(told(byPixel), world.desk);
    const timed = told(world.conversions.message.parse(lead), { cause: { segment: 'leads', change: 'ENTERED' } });
    await world.conversions.send(timed, world.desk);
    await world.conversions.send(timed, world.desk);
    expect(world.bodies().map(({ data }) => data[0]?.event_id)).toEqual(['10021', timed[0]?.id, timed[0]?.id]);
    expect(world.bodies()[1]?.data[0]?.event_time).toBe(Math.floor(now.getTime() / 1000));
  });

  it('of a website carries page and browser, readable, and is refused where the browser is not known', async () => {
    await using world = await createConversions({ fields: ['email', 'userAgent', 'browserId'] });
    const message = world.conversions.message.parse({ event: 'Lead', actionSource: 'website', sourceUrl: 'https://shop.example/lead' });
    const surfer = { ...hanako, traits: { browser: 'Mozilla/5.0', fbp: 'fb.1.1558571054389.1098115397' } };
    const outcomes = await world.conversions.send([...told(message), ...told(message, { recipient: surfer })], world.desk);
    expect(outcomes).toMatchObject([{ status: 'rejected', reason: expect.stringContaining('userAgent') }, { status: 'delivered' }]);
    expect(world.bodies()[0]?.data).toMatchObject([
      {
        event_source_url: 'https://shop.example/lead',
        user_data: { client_user_agent: 'Mozilla/5.0', fbp: 'fb.1.1558571054389.1098115397' },
      },
    ]);
  });

  it('carries limited data use', async () => {
    await using world = await createConversions({}, { limitedDataUse: { of: 'everybody' } });
    await world.conversions.send(told(world.conversions.message.parse({ event: 'Lead', actionSource: 'app' })), world.desk);
    expect(world.bodies()[0]?.data[0]).toMatchObject({
      data_processing_options: ['LDU'],
      data_processing_options_country: 0,
      data_processing_options_state: 0,
    });
  });

  it('shows itself without being sent', async () => {
    await using world = await createConversions();
    const [delivery] = told(world.conversions.message.parse(purchase));
    const preview = await world.conversions.preview?.(delivery as Delivery<never>, world.desk);
    expect(JSON.parse(preview?.parts[0]?.body ?? '')).toMatchObject({ data: [{ event_name: 'Purchase', event_id: 'event-of-ours' }] });
    expect(world.vendor.requests).toHaveLength(0);
  });
});

describe('what Meta would refuse stays here, with a reason', () => {
  it.each([
    ['too old', { cause: bought(receipt, secondsAgo(7 * 86_400 + 1)) }, 'more than 7 days ago'],
    ['without a value', { cause: bought({ currency: 'JPY' }) }, 'without value and currency'],
    ['of nobody', { recipient: { id: 'x', identifiers: {}, traits: {} } }, 'nothing that Meta could match'],
  ])('%s', async (_name, over, reason) => {
    await using world = await createConversions({ fields: ['email', 'country'] });
    const message = world.conversions.message.parse(purchase);
    const outcomes = await world.conversions.send([...told(message, over), ...told(message)], world.desk);
    expect(outcomes).toMatchObject([{ status: 'rejected', reason: expect.stringContaining(reason) }, { status: 'delivered' }]);
    expect(world.bodies()[0]?.data).toHaveLength(1);
  });

  it('seven days old to the second goes', async () => {
    await using world = await createConversions();
    const message = world.conversions.message.parse(purchase);
    const outcomes = await world.conversions.send(told(message, { cause: bought(receipt, secondsAgo(7 * 86_400)) }), world.desk);
    expect(statusesOf(outcomes)).toEqual(['delivered']);
  });

  it.each([
    [{ event: 'Purchase', actionSource: 'app' }, ['value', 'currency']],
    [{ event: 'Lead', actionSource: 'website' }, ['sourceUrl']],
    [{ event: 'Lead', actionSource: 'nowhere' }, ['actionSource']],
  ])('a program cannot hold %o', async (message, paths) => {
    await using world = await createConversions();
    const parsed = world.conversions.message.safeParse(message);
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(paths);
  });
});

describe('batches', () => {
  const lead = { event: 'Lead', actionSource: 'other' };

  it('one event that Meta refuses costs its neighbours nothing', async () => {
    await using world = await createConversions();
    const bad = sha256('p5@example.jp');
    world.vendor.on('POST /v24.0/:dataset/events', (request) => {
      const { data } = request.json() as { data: unknown[] };
      if (request.text.includes(bad))
        return { status: 400, json: { error: { code: 100, message: 'Invalid parameter', error_user_msg: 'bad event' } } };
      return { json: { events_received: data.length } };
    });
    const people = Array.from({ length: 16 }, (_, n) => person(n));
    const outcomes = await world.conversions.send(deliveries(world.conversions.message.parse(lead), people), world.desk);
    expect(statusesOf(outcomes)).toEqual(people.map((_, n) => (n === 5 ? 'rejected' : 'delivered')));
    expect(outcomes[5]).toMatchObject({ reason: 'Meta 100: bad event' });
    expect(world.vendor.requests).toHaveLength(9);
  });

  it('whoever asks for a pause asks for all', async () => {
    await using world = await createConversions();
    world.vendor.fault('busy');
    const outcomes = await world.conversions.send(deliveries(world.conversions.message.parse(lead), [person(1), person(2)]), world.desk);
    expect(outcomes).toMatchObject([
      { status: 'retry', afterSeconds: 7 },
      { status: 'retry', afterSeconds: 7 },
    ]);
    expect(world.vendor.requests).toHaveLength(1);
  });

  it('an answer that took fewer is not success', async () => {
    await using world = await createConversions();
    world.vendor.fault({ json: { events_received: 0, messages: ['x'] } });
    expect(statusesOf(await world.conversions.send(told(world.conversions.message.parse(lead)), world.desk))).toEqual(['rejected']);
  });

  it('a batch of refused events ends, and what was not asked is asked again', async () => {
    await using world = await createConversions();
    world.vendor.fault({ status: 400, json: { error: { code: 100, message: 'Invalid parameter' } } });
    const people = Array.from({ length: 200 }, (_, n) => person(n));
    const outcomes = await world.conversions.send(deliveries(world.conversions.message.parse(lead), people), world.desk);
    expect(world.vendor.requests).toHaveLength(60);
    expect(new Set(statusesOf(outcomes)).has('retry')).toBe(true);
    expect(statusesOf(outcomes)).not.toContain('delivered');
  });

  it('a dataset that is not there is a setting to mend', async () => {
    await using world = await createConversions();
    world.vendor.fault({ status: 400, json: { error: { code: 100, error_subcode: 33, message: 'Unsupported post request' } } });
    const outcomes = await world.conversions.send(deliveries(world.conversions.message.parse(lead), [person(1), person(2)]), world.desk);
    expect(statusesOf(outcomes)).toEqual(['fix-credentials', 'fix-credentials']);
    await expect(world.conversions.healthCheck?.(world.desk)).rejects.toThrow('Unsupported');
  });
});

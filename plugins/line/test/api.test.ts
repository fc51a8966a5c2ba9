import { line } from '@enishi/plugin-line';
import { clock } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { channelAccessToken, channelSecret, fakeLine } from './line.ts';
import { deliveryTo, deskFor, messagesOf, partsOf, textMessage } from './parts.ts';

const hello = textMessage('こんにちは');
const issuing = { channelAccessToken: undefined, channelId: '1234567890' };

describe("the channel's token", () => {
  it('is issued from id and secret, and used until shortly before it lapses', async () => {
    await using fake = await fakeLine(issuing);
    const time = clock();
    const desk = deskFor(fake, { now: time.now });
    const destination = messagesOf(fake.settings);
    const tokens = () => fake.api.requests.filter(({ path }) => path === '/oauth2/v3/token');
    await destination.send([deliveryTo(1, hello)], desk);
    await destination.send([deliveryTo(2, hello)], desk);
    expect(tokens().map(({ text }) => Object.fromEntries(new URLSearchParams(text)))).toEqual([
      { grant_type: 'client_credentials', client_id: '1234567890', client_secret: channelSecret },
    ]);
    time.advance(850);
    await destination.send([deliveryTo(3, hello)], desk);
    expect(tokens()).toHaveLength(2);
    expect(fake.sent).toHaveLength(3);
  });

  it('is issued anew once when LINE takes the old one no more', async () => {
    await using fake = await fakeLine(issuing);
    fake.api.fault('unauthorised', { on: 'POST /v2/bot/message/push', times: 1 });
    expect(await messagesOf(fake.settings).send([deliveryTo(1, hello)], deskFor(fake))).toMatchObject([{ status: 'delivered' }]);
    expect(fake.sent).toHaveLength(1);
  });

  it('that was given and is refused needs an operator', async () => {
    await using fake = await fakeLine({ channelAccessToken: 'an-old-one' });
    expect(await messagesOf(fake.settings).send([deliveryTo(1, hello)], deskFor(fake))).toEqual([
      { status: 'fix-credentials', reason: '401 Authentication failed' },
    ]);
  });
});

describe('the way out', () => {
  it("is the desk's alone: LINE's SDK reaches nothing the plugin does not declare", async () => {
    await using fake = await fakeLine();
    expect(line(fake.settings).hosts).toEqual([fake.api.host, fake.data.host]);
    const nowhere = deskFor({ api: fake.data, data: fake.data });
    expect(await messagesOf(fake.settings).send([deliveryTo(1, hello)], nowhere)).toMatchObject([{ status: 'retry' }]);
    expect(fake.api.requests).toEqual([]);
  });

  it('leads nowhere inside, whatever LINE answers', async () => {
    await using fake = await fakeLine();
    fake.api.fault('inside');
    await messagesOf(fake.settings).send([deliveryTo(1, hello)], deskFor(fake));
    expect(fake.api.trespassers).toEqual([]);
  });
});

describe('the settings', () => {
  it('need a token or the id of the channel', () => {
    expect(() => line({ channelSecret })).toThrow('give channelAccessToken, or channelId so that tokens can be issued');
  });

  it('keep their secrets marked, wherever they stand', () => {
    const { secrets } = line({ channelSecret, channelAccessToken, login: { channelId: '1', channelSecret: 'login-secret' } });
    expect(secrets.toSorted()).toEqual([channelAccessToken, channelSecret, 'login-secret'].toSorted());
  });

  it('open an account link and a login only where they are given', () => {
    expect(Object.keys(partsOf({ channelSecret, channelAccessToken }).sources ?? {})).toEqual(['webhook', 'friends']);
  });

  it('speak to LINE itself unless told otherwise', () => {
    expect(line({ channelSecret, channelAccessToken }).hosts).toEqual(['api.line.me', 'api-data.line.me']);
  });
});

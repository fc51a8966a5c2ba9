import { describe, expect, it } from 'vitest';
import { correctedTime } from '../../src/tracking/clock.ts';

const receivedAt = new Date('2026-11-21T10:00:00.000Z');

describe('when it happened', () => {
  it('a client whose clock is right is believed', () => {
    const message = { timestamp: '2026-11-21T09:59:00.000Z', sentAt: '2026-11-21T09:59:58.000Z' };
    expect(correctedTime(message, { receivedAt })).toEqual(new Date('2026-11-21T09:59:00.000Z'));
  });

  it('a clock an hour behind is set right by when it says it sent', () => {
    const message = { originalTimestamp: '2026-11-21T08:59:50.000Z' };
    expect(correctedTime(message, { receivedAt, sentAt: '2026-11-21T09:00:00.000Z' })).toEqual(new Date('2026-11-21T09:59:50.000Z'));
  });

  it('a clock two years ahead is set right too', () => {
    const message = { timestamp: '2028-11-21T09:00:00.000Z', sentAt: '2028-11-21T10:00:00.000Z' };
    expect(correctedTime(message, { receivedAt })).toEqual(new Date('2026-11-21T09:00:00.000Z'));
  });

  it('history sent now keeps its time', () => {
    expect(correctedTime({ timestamp: '2015-02-23T22:28:55Z' }, { receivedAt, sentAt: '2026-11-21T10:00:00Z' })).toEqual(
      new Date('2015-02-23T22:28:55Z'),
    );
  });

  it('without a time it happened now', () => {
    expect(correctedTime({}, { receivedAt })).toEqual(receivedAt);
  });

  it('what is no time is handed on for the line to refuse', () => {
    expect(correctedTime({ timestamp: 'yesterday' }, { receivedAt })).toBe('yesterday');
  });

  it('a send time that is none corrects nothing', () => {
    expect(correctedTime({ timestamp: '2026-11-21T09:00:00Z', sentAt: 'now' }, { receivedAt })).toEqual(new Date('2026-11-21T09:00:00Z'));
  });
});

import type { ImportProgress } from '@enishi/core';
import { Presets, SingleBar } from 'cli-progress';

export interface ProgressView {
  readonly show: (progress: ImportProgress) => void;
  readonly say: (sentence: string) => void;
  readonly end: () => void;
}

const format = '{bar} {percentage}% | {items} items | {rate}/s | {left} left';
const everySeconds = 2;

/** A bar on a terminal; anywhere else one plain line every two seconds, fit for a log. */
export const progressOn = (stream: NodeJS.WriteStream): ProgressView => (stream.isTTY ? barOn(stream) : linesOn(stream));

function barOn(stream: NodeJS.WriteStream): ProgressView {
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: false, fps: 10 }, Presets.shades_classic);
  let started = false;
  return {
    show: (progress) => {
      if (!started) bar.start(100, 0, factsOf(progress));
      started = true;
      bar.update(Math.floor(shareOf(progress) * 100), factsOf(progress));
    },
    say: (sentence) => void stream.write(`\n${sentence}\n`),
    end: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WriteStream): ProgressView {
  let next = Date.now() + everySeconds * 1000;
  return {
    show: (progress) => {
      if (Date.now() < next) return;
      next = Date.now() + everySeconds * 1000;
      const { items, rate, left } = factsOf(progress);
      stream.write(`${Math.floor(shareOf(progress) * 100)}%, ${items} items, ${rate}/s, ${left} left\n`);
    },
    say: (sentence) => void stream.write(`${sentence}\n`),
    end: () => {},
  };
}

const shareOf = ({ bytes, size }: ImportProgress): number => (size === 0 ? 1 : Math.min(bytes / size, 1));

function factsOf(progress: ImportProgress): { items: string; rate: string; left: string } {
  const { items, rate } = progress;
  const share = shareOf(progress);
  const seconds = share > 0 && rate > 0 ? (items / share - items) / rate : Number.NaN;
  return { items: items.toLocaleString('en'), rate: Math.round(rate).toLocaleString('en'), left: duration(seconds) };
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '…';
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

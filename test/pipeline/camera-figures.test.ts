import { expect, test } from 'vitest';
import { setClock } from '../../src/core/clock.ts';
import { cameraFigures } from '../../src/pipeline/camera-figures.ts';
import { aReport, onceLost } from '../helpers/events.ts';

const told = (...states: ('connecting' | 'online' | 'stalled' | 'offline' | 'disabled')[]) => {
  const figures = cameraFigures({ clock: setClock(0) });
  for (const state of states)
    figures.state({ camera: 'drive', state, reason: state === 'online' ? 'frames' : 'refused' });
  return figures.of('drive').outages;
};

test.each([
  { name: 'a camera that nobody heard of', states: [], outages: 0 },
  { name: 'one that never came', states: ['connecting', 'offline', 'connecting'] as const, outages: 0 },
  { name: 'one that is told as online every 30 s', states: ['online', 'online'] as const, outages: 0 },
  {
    name: 'one that went by steps',
    states: ['online', 'stalled', 'offline', 'connecting'] as const,
    outages: 1,
  },
  {
    name: 'one that came back and went',
    states: ['online', 'offline', 'online', 'stalled'] as const,
    outages: 2,
  },
  { name: 'one that was switched off', states: ['online', 'disabled', 'online'] as const, outages: 0 },
  { name: 'one that was lost before it', states: ['online', 'offline', 'disabled'] as const, outages: 1 },
])('an outage is counted once, when it begins: $name', ({ states, outages }) => {
  expect(told(...states)).toBe(outages);
});

test('what a frame takes is told of the last minute, so that one slow frame is no alarm and old trouble none', () => {
  const clock = setClock(0);
  const figures = cameraFigures({ clock });
  expect(figures.of('drive').took).toEqual({});
  for (const ms of [...Array<number>(100).fill(900), 60_000, ...Array<number>(98).fill(40), 700, 5_000]) {
    const wallTime = clock.now();
    clock.set(wallTime + ms);
    figures.onShown({ camera: 'drive', wallTime });
  }
  expect(figures.of('drive').took).toEqual({ frame: { medianMs: 40, p95Ms: 40 } });
  clock.set(clock.now() + 60_000);
  expect(figures.of('drive').took).toEqual({});
});

test('of more frames than fit in, the newest count', () => {
  const figures = cameraFigures({ clock: setClock(1_000) });
  for (const ms of [...Array<number>(300).fill(900), ...Array<number>(280).fill(40)])
    figures.onShown({ camera: 'drive', wallTime: 1_000 - ms });
  expect(figures.of('drive').took.frame).toEqual({ medianMs: 40, p95Ms: 900 });
});

test('each stage is told by itself, so that one sees which of them is slow', () => {
  const clock = setClock(0);
  const figures = cameraFigures({ clock });
  for (const n of [1, 2, 3]) {
    figures.onFrame({ camera: 'drive', way: { waitMs: n, engineMs: 10 * n, judgeMs: 100 * n } });
  }
  figures.onFrame({ camera: 'drive', way: undefined });
  expect(figures.of('drive').took).toEqual({
    wait: { medianMs: 2, p95Ms: 3 },
    engine: { medianMs: 20, p95Ms: 30 },
    judge: { medianMs: 200, p95Ms: 300 },
  });
});

test('how long an event takes is of its first message, and stands for an hour, since events are rare', () => {
  const clock = setClock(0);
  const figures = cameraFigures({ clock });
  figures.onEvent({ camera: 'drive', type: 'new', latency_ms: 41 });
  figures.onEvent({ camera: 'drive', type: 'update', latency_ms: 9_000 });
  clock.set(3_599_999);
  expect(figures.of('drive').took).toEqual({ event: { medianMs: 41, p95Ms: 41 } });
});

test('a camera that is lost is counted, one that a reload, a switch or its last picture ends is not', () => {
  const figures = cameraFigures({ clock: setClock(0) });
  for (const report of onceLost()) figures.state(report);
  expect(figures.of('drive').outages).toBe(1);
});

test('the times of a camera that is switched off are no longer told', () => {
  const figures = cameraFigures({ clock: setClock(0) });
  figures.onShown({ camera: 'drive', wallTime: 0 });
  figures.state(aReport({ state: 'disabled', reason: 'switched-off' }));
  expect(figures.of('drive').took).toEqual({});
});

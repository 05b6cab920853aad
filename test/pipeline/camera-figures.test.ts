import { expect, test } from 'vitest';
import { setClock } from '../../src/core/clock.ts';
import { cameraFigures } from '../../src/pipeline/camera-figures.ts';

const told = (...states: ('connecting' | 'online' | 'stalled' | 'offline' | 'disabled')[]) => {
  const figures = cameraFigures({ clock: setClock(0) });
  for (const state of states) figures.state({ camera: 'drive', state });
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
  { name: 'one that was switched off', states: ['online', 'offline', 'disabled'] as const, outages: 0 },
])('an outage is counted once, when it begins: $name', ({ states, outages }) => {
  expect(told(...states)).toBe(outages);
});

test('what a frame takes is the median of the newest, so that one slow frame is no alarm', () => {
  const clock = setClock(0);
  const figures = cameraFigures({ clock });
  expect(figures.of('drive').frameMs).toBeNull();
  for (const ms of [...Array<number>(100).fill(900), ...Array<number>(49).fill(40), 5_000]) {
    const wallTime = clock.now();
    clock.set(wallTime + ms);
    figures.onShown({ camera: 'drive', wallTime });
  }
  expect(figures.of('drive').frameMs).toBe(40);
});

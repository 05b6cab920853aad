import { expect, test, vi } from 'vitest';
import { type Log, silentLog } from '../../src/core/log.ts';
import { frameMeter } from '../../src/streams/meter.ts';

function meter() {
  let time = 0;
  const debug = vi.fn<Log['debug']>();
  const frames = frameMeter({ camera: 'drive', log: { ...silentLog, debug }, clock: { now: () => time } });
  return {
    frames,
    lines: () => debug.mock.calls.map(([facts]) => facts),
    wait: (ms: number) => (time += ms),
  };
}

test('within a second nothing is logged, after it one line with what came since', () => {
  const { frames, lines, wait } = meter();
  frames.drop('busy');
  frames.drop('late', 3);
  wait(999);
  frames.drop('late');
  expect(lines()).toEqual([]);

  wait(1);
  frames.drop('busy');
  expect(lines()).toEqual([{ camera: 'drive', drops: { busy: 2, late: 4 } }]);
  wait(1_000);
  frames.drop('failed');
  expect(lines().at(-1)).toEqual({ camera: 'drive', drops: { failed: 1 } });
  expect(frames.dropped).toBe(7);
});

test('flush logs the rest once, and nothing when there is none', () => {
  const { frames, lines } = meter();
  frames.flush();
  frames.drop('engine', 2);
  frames.flush();
  frames.flush();
  expect(lines()).toEqual([{ camera: 'drive', drops: { engine: 2 } }]);
});

test("the totals tell what became of each frame, and change in nobody else's hands", () => {
  const { frames } = meter();
  for (const _ of [1, 2, 3]) frames.came();
  frames.looked();
  const before = frames.totals;
  frames.drop('engine');
  expect(before).toEqual({ came: 3, looked: 1, dropped: {} });
  expect(frames.totals).toEqual({ came: 3, looked: 1, dropped: { engine: 1 } });
});

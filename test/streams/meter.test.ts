import { expect, test, vi } from 'vitest';
import { type Log, silentLog } from '../../src/core/log.ts';
import { dropMeter } from '../../src/streams/meter.ts';

function meter() {
  let time = 0;
  const debug = vi.fn<Log['debug']>();
  const drops = dropMeter({ camera: 'drive', log: { ...silentLog, debug }, clock: { now: () => time } });
  return { drops, lines: () => debug.mock.calls.map(([facts]) => facts), wait: (ms: number) => (time += ms) };
}

test('within a second nothing is logged, after it one line with what came since', () => {
  const { drops, lines, wait } = meter();
  drops.count('busy');
  drops.count('late', 3);
  wait(999);
  drops.count('late');
  expect(lines()).toEqual([]);

  wait(1);
  drops.count('busy');
  expect(lines()).toEqual([{ camera: 'drive', drops: { busy: 2, late: 4 } }]);
  wait(1_000);
  drops.count('rate');
  expect(lines().at(-1)).toEqual({ camera: 'drive', drops: { rate: 1 } });
  expect(drops.total).toBe(7);
});

test('flush logs the rest once, and nothing when there is none', () => {
  const { drops, lines } = meter();
  drops.flush();
  drops.count('engine', 2);
  drops.flush();
  drops.flush();
  expect(lines()).toEqual([{ camera: 'drive', drops: { engine: 2 } }]);
});

import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureCameras } from '../../../src/cli/bench/cameras.ts';
import type { Detector } from '../../../src/core/detection.ts';
import { bundledFfmpeg } from '../../helpers/ffmpegs.ts';

test('a machine too slow for a single camera is told so, with what was lost', async () => {
  const detector: Detector = {
    model: { name: 'slow', sha256: '' },
    labels: [],
    engine: { name: 'slow', version: 'slow' },
    inputSize: 300,
    processes: 1,
    async detect(jobs) {
      await wait(1_000);
      return jobs.map(() => []);
    },
    async close() {},
  };
  const told: number[] = [];
  const { cameras, trials } = await measureCameras({
    ...{ detector, ffmpeg: await bundledFfmpeg(), fps: 10, guess: 2, settleMs: 500, ms: 3_500 },
    signal: new AbortController().signal,
    onTrial: (trial) => told.push(trial.cameras),
  });
  expect(cameras).toBe(0);
  expect(told).toEqual([2, 1]);
  expect(trials.at(-1)).toMatchObject({ cameras: 1, good: false });
  expect(trials.at(-1)?.lost).toBeGreaterThan(0.5);
});

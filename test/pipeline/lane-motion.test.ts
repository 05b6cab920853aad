import { expect, test } from 'vitest';
import type { CameraPlan } from '../../src/pipeline.ts';
import { syntheticCamera } from '../helpers/synthetic-camera.ts';

const MOTION = { threshold: 12, minArea: 0.0005, maxSquares: 4, masks: [] };

/** What is told of a camera's motion, and the camera. */
function open(plan: Omit<CameraPlan, 'source' | 'fps'>) {
  const told: (boolean | undefined)[] = [];
  const camera = syntheticCamera({
    plan,
    startMs: Date.parse('2026-11-24T08:00:00.000Z'),
    onEvent() {},
    onTally: (tally) => told.push(tally?.motion),
  });
  return { camera, told };
}

test('motion is told as it comes and goes, and each only once', async () => {
  const { camera, told } = open({ camera: 'drive', motion: MOTION });
  camera.find();
  for (const isMoving of [false, true, true, false, false]) camera.lane.setMotion(isMoving);
  expect(told).toEqual([false, true, false]);
  await camera.close();
});

test('nothing moves before a camera that is lost, nor after it was stopped', async () => {
  const { camera, told } = open({ camera: 'drive', motion: MOTION });
  camera.lane.setMotion(true);
  camera.lose();
  expect(told.at(-1)).toBe(false);
  camera.lane.setMotion(true);
  await camera.close();
  expect(told.at(-1)).toBe(false);
  camera.lane.setMotion(true);
  expect(told.at(-1)).toBe(false);
});

test('a camera that is looked at in each frame tells of no motion, instead of none for ever', async () => {
  const { camera, told } = open({ camera: 'drive' });
  camera.find();
  camera.lane.setMotion(true);
  await camera.close();
  expect(new Set(told)).toEqual(new Set([undefined]));
});

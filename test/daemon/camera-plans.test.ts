import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { cameraPlans } from '../../src/daemon/camera-plans.ts';

const planOf = (camera: string) =>
  cameraPlans(parseConfig(`cameras: { a: ${camera} }`, { name: 'f', folder: '/', environment: {} }))[0];

test.each([
  { name: 'a minute without a word', camera: '{ source: a.mp4 }', frozenMs: 60_000 },
  { name: 'as told', camera: '{ source: a.mp4, frozen_after: 300 }', frozenMs: 300_000 },
  { name: 'for ever', camera: '{ source: a.mp4, frozen_after: off }', frozenMs: Number.POSITIVE_INFINITY },
])('one and the same picture is borne $name', ({ camera, frozenMs }) => {
  expect(planOf(camera)?.patience).toEqual({ frozenMs });
});

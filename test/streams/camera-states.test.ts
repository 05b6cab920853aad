import { expect, test, vi } from 'vitest';
import type { CameraState } from '../../src/core/camera-state.ts';
import { cameraStates } from '../../src/streams/camera-states.ts';

test('a state is told once, with the time when it began', () => {
  let time = 100;
  const onState = vi.fn<(state: CameraState) => void>();
  const tell = cameraStates({ camera: 'drive', clock: { now: () => time++ }, onState });

  const news = [
    tell('connecting', 'starting'),
    tell('offline', 'refused'),
    tell('offline', 'refused'),
    tell('offline', 'no-such-path'),
    tell('online', 'frames'),
    tell('online', 'frames'),
  ];
  expect(news).toEqual([true, true, false, true, true, false]);
  expect(onState.mock.calls.map(([state]) => state)).toEqual([
    { camera: 'drive', state: 'connecting', reason: 'starting', since: 100 },
    { camera: 'drive', state: 'offline', reason: 'refused', since: 101 },
    { camera: 'drive', state: 'offline', reason: 'no-such-path', since: 102 },
    { camera: 'drive', state: 'online', reason: 'frames', since: 103 },
  ]);
});

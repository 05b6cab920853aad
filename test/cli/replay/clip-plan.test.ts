import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { clipPlan } from '../../../src/cli/replay/clip-plan.ts';
import { parseConfig } from '../../../src/config/load.ts';

const loaded = parseConfig(
  `
cameras:
  drive: { source: "rtsp://10.0.0.5/sub", fps: 8 }
  keys: { source: "rtsp://10.0.0.6/sub", mode: keyframes }
  shed: { source: "http://10.0.0.7/now.jpg", mode: poll, interval: 20 }
`,
  { name: 'falconet.yaml', folder: '.', environment: {} },
);

test.each([
  { name: 'a stream', camera: 'drive', fps: 8, keyframesOnly: false },
  { name: 'key frames only', camera: 'keys', fps: 5, keyframesOnly: true },
  { name: 'a picture every 20 s', camera: 'shed', fps: 0.05, keyframesOnly: false },
])('a clip is looked at as the camera is: $name', ({ camera, fps, keyframesOnly }) => {
  const source = { kind: 'file', path: resolve('a.mp4'), pace: 'fast', loop: false, keyframesOnly };
  expect(clipPlan(loaded, { clip: 'a.mp4', camera })).toMatchObject({ camera, fps, source });
});

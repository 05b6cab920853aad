import { expect, onTestFinished, test, vi } from 'vitest';
import { openPage } from '../../nodes/dashboard-out/page.ts';
import { createHandleMaker, type FrameHandle } from '../../nodes/lib/frame-handle.ts';
import { shownFrameIn, trackedMessage } from '../../nodes/lib/shown-frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Judged } from '../../src/core/judged.ts';
import { silentLog } from '../../src/core/log.ts';
import { aTrack } from '../helpers/tracks.ts';
import { viewer } from '../web/viewers.ts';

const SHAPES = {
  zones: [
    {
      name: 'gate',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    },
  ],
  lines: [],
} as const;

async function pageWithFrames() {
  const page = await openPage({
    gateway: 'home',
    plan: { host: '127.0.0.1', port: 0, pageFolder: '/nowhere' },
    onViewers: () => {},
    log: silentLog,
  });
  onTestFinished(() => page.close());
  const maker = createHandleMaker();
  onTestFinished(() => maker.close());
  /** Calls tell that somebody wants the pixels. */
  const copied = vi.fn();
  let seq = 0;
  const frame = (camera = 'drive'): FrameHandle => {
    const data = new Uint8Array(64 * 48 * 3);
    const slice = data.slice.bind(data);
    copied.mockImplementation(slice);
    Object.assign(data, { slice: copied });
    const one: Frame = {
      ...{ camera, seq: seq++, pts: 0, wallTime: Date.now(), width: 64, height: 48, format: 'rgb24', data },
      release() {},
    };
    return maker.handle(one, false);
  };
  return { page, frame, copied, maker };
}

const JUDGED: Judged = {
  track: aTrack({ label: 'cat' }),
  admitted: true,
  happenings: [],
  stays: [],
  crossings: [],
};

function ofTrack(frame: FrameHandle) {
  const shown = shownFrameIn(
    trackedMessage({ frame, judged: [JUDGED], shapes: SHAPES, detector: undefined }),
  );
  if (shown === undefined) throw new Error('expected a frame');
  return shown;
}

function ofDetect(frame: FrameHandle) {
  const shown = shownFrameIn({ frame, payload: [{ label: 'dog', score: 0.9, box: [0, 0, 1, 1] }] });
  if (shown === undefined) throw new Error('expected a frame');
  return shown;
}

test('no pixel is touched while nobody watches that camera', async () => {
  const { page, frame, copied } = await pageWithFrames();
  await page.show(ofTrack(frame()));
  const { told, watch, bytes } = viewer(page.url);
  await told('cameras');
  watch({ camera: 'porch', video: false });
  await page.show(ofTrack(frame('hall')));
  expect(copied).not.toHaveBeenCalled();
  watch({ camera: 'drive', video: false });
  await expect
    .poll(async () => {
      await page.show(ofTrack(frame()));
      return copied.mock.calls.length;
    })
    .toBeGreaterThan(0);
  expect((await bytes()).head).toMatchObject({ kind: 'picture', tracks: [{ label: 'cat', isEvent: true }] });
});

test('where detect and track are both wired to it, what track says is shown', async () => {
  const { page, frame } = await pageWithFrames();
  await page.show(ofTrack(frame()));
  const { told, watch, bytes } = viewer(page.url);
  const { cameras } = await told('cameras');
  expect(cameras).toMatchObject([{ camera: 'drive', zones: [{ name: 'gate' }] }]);
  watch({ camera: 'drive', video: false });
  let isSeen = false;
  const first = bytes().finally(() => {
    isSeen = true;
  });
  while (!isSeen) {
    await page.show(ofDetect(frame()));
    await page.show(ofTrack(frame()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await first).head).toMatchObject({ tracks: [{ label: 'cat' }] });
});

test('a frame that is gone when its message comes is left out, and is no fault', async () => {
  const { page, frame, maker } = await pageWithFrames();
  const late = frame();
  maker.close();
  await page.show(ofTrack(late));
});

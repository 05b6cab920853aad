import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openPage } from '../../nodes/dashboard-out/page.ts';
import { createHandleMaker, type FrameHandle, readingOf } from '../../nodes/lib/frame-handle.ts';
import { shownFrameIn, trackedMessage } from '../../nodes/lib/shown-frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Judged } from '../../src/core/judged.ts';
import { silentLog } from '../../src/core/log.ts';
import { frameMeter } from '../../src/streams/meter.ts';
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
  const frame = (camera = 'drive', by = maker): FrameHandle => {
    const data = new Uint8Array(64 * 48 * 3);
    const slice = data.slice.bind(data);
    copied.mockImplementation(slice);
    Object.assign(data, { slice: copied });
    const one: Frame = {
      ...{ camera, seq: seq++, pts: 0, wallTime: Date.now(), width: 64, height: 48, format: 'rgb24', data },
      release() {},
    };
    return by.handle(one, false);
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

/** Does something again and again until what is waited for is there. */
async function until<T>(awaited: Promise<T>, again: () => Promise<void>): Promise<T> {
  let isThere = false;
  const noted = awaited.finally(() => {
    isThere = true;
  });
  while (!isThere) {
    await again();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return noted;
}

test('where detect and track are both wired to it, what track says is shown', async () => {
  const { page, frame } = await pageWithFrames();
  await page.show(ofTrack(frame()));
  const { told, watch, bytes } = viewer(page.url);
  const { cameras } = await told('cameras');
  expect(cameras).toMatchObject([{ camera: 'drive', zones: [{ name: 'gate' }] }]);
  watch({ camera: 'drive', video: false });
  const first = await until(bytes(), async () => {
    await page.show(ofDetect(frame()));
    await page.show(ofTrack(frame()));
  });
  expect(first.head).toMatchObject({ tracks: [{ label: 'cat' }] });
});

test('where track was taken away, what detect says is shown after a few frames', async () => {
  const { page, frame } = await pageWithFrames();
  await page.show(ofTrack(frame()));
  const { told, watch, bytes } = viewer(page.url);
  await told('cameras');
  watch({ camera: 'drive', video: false });
  const first = await until(bytes(), () => page.show(ofDetect(frame())));
  expect(first.head).toMatchObject({ tracks: [{ label: 'dog' }] });
});

test('a frame that is gone when its message comes is left out, and is no fault', async () => {
  const { page, frame, maker } = await pageWithFrames();
  const late = frame();
  maker.close();
  await page.show(ofTrack(late));
});

const METER = frameMeter({ camera: 'drive', log: silentLog });
const VIDEO = { source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/' }, ffmpeg: {}, secrets: [] } as never;

test('a page that is closed is held by no camera that goes on', async () => {
  const { page, frame, maker } = await pageWithFrames();
  maker.begin({ meter: METER, video: VIDEO });
  const handle = frame();
  await page.show(ofTrack(handle));
  const ended = readingOf(handle)?.ended as AbortSignal;
  expect(getEventListeners(ended, 'abort')).toHaveLength(1);
  await page.close();
  expect(getEventListeners(ended, 'abort')).toHaveLength(0);
});

test('of two cameras of one name, one of which hides something, no page has video that comes and goes', async () => {
  const { page, frame, maker } = await pageWithFrames();
  const hiding = createHandleMaker();
  onTestFinished(() => hiding.close());
  maker.begin({ meter: METER, video: VIDEO });
  hiding.begin({ meter: METER });
  const { told, watch, socket } = viewer(page.url);
  await told('cameras');
  let changes = 0;
  socket.on('message', (data) => {
    if (String(data).startsWith('{"kind":"cameras"')) changes++;
  });
  for (let n = 0; n < 20; n++) {
    await page.show(ofTrack(frame()));
    await page.show(ofTrack(frame('drive', hiding)));
  }
  watch({ camera: 'drive', video: true });
  await told('no-video');
  expect(changes).toBeLessThanOrEqual(2); // the camera was there, and then its video
});

test('what was seen of a camera is shown to nobody once its camera in was deployed anew, with a mask maybe', async () => {
  const { page, frame, maker } = await pageWithFrames();
  maker.begin({ meter: METER });
  await page.show(ofTrack(frame()));
  const early = viewer(page.url);
  await early.told('cameras');
  early.watch({ camera: 'drive', video: false });
  let isSeen = false;
  const first = early.bytes().finally(() => {
    isSeen = true;
  });
  while (!isSeen) {
    await page.show(ofTrack(frame()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await first;
  maker.close();
  const late = viewer(page.url);
  await late.told('cameras');
  late.watch({ camera: 'drive', video: false });
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  late.socket.once('pong', () => resolve());
  late.socket.ping();
  await answered;
  expect(late.waiting()).toBe(0);
});

import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import { silentLog } from '../../src/core/log.ts';
import { type DashboardHost, dashboardHost, type Shown } from '../../src/daemon/dashboard.ts';
import { aReport } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { type Viewer, viewer } from '../web/viewers.ts';

const MASK = 'masks: { privacy: [[[0, 0], [1, 0], [1, 1]]] }';

function shown(masks = ''): Shown {
  const camera = `{ source: "rtsp://10.0.0.5/sub", ${masks} }`;
  const text = `data: { path: off }\ndashboard: { listen: "127.0.0.1:0" }\ncameras: { drive: ${camera} }\n`;
  const loaded = parseConfig(text, { name: 'test', folder: tempFolder(), environment: {} });
  const works = { ffmpeg: { path: 'none' } } as Shown['works'];
  return { loaded, plans: [], works };
}

function frame(seq: number): Frame {
  const data = new Uint8Array(64 * 36 * 3);
  const size = { width: 64, height: 36 };
  return { camera: 'drive', seq, pts: seq, wallTime: seq, ...size, format: 'rgb24', data, release() {} };
}

function host(): DashboardHost {
  const made = dashboardHost({ log: silentLog, clock: systemClock, secrets: [], queues: () => [] });
  onTestFinished(() => made.close());
  return made;
}

/** Who looks at the pictures of the camera, as the gateway knows once it has answered. */
async function watching({ url = '' }: DashboardHost): Promise<Viewer> {
  const one = viewer(url);
  await one.told('cameras');
  one.watch({ camera: 'drive', video: true });
  await one.told('no-video');
  one.watch({ camera: 'drive', video: false });
  await answered(one);
  return one;
}

/** The gateway knows what was sent so far. */
async function answered({ socket }: Viewer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('pong', () => resolve());
  socket.ping();
  await promise;
}

const seqOf = async (one: Viewer): Promise<number> => {
  const { head } = await one.bytes();
  return head.kind === 'picture' ? head.seq : Number.NaN;
};

test('once a privacy mask is drawn, nobody who comes gets the picture of before it', async () => {
  const page = host();
  await page.use(shown());
  const first = await watching(page);
  page.onShown?.(frame(1), []);
  expect(await seqOf(first)).toBe(1);
  await page.use(shown(MASK));
  const late = await watching(page);
  page.onShown?.(frame(2), []);
  expect(await seqOf(late)).toBe(2);
});

test('video that a new privacy mask forbids ends before the camera has stopped, for who watches and who comes', async () => {
  const source = { kind: 'rtsp', url: 'rtsp://10.0.0.5/sub' } as const;
  const plan = { camera: 'drive', source, fps: 5 };
  const page = host();
  await page.use({ ...shown(), plans: [plan] });
  const one = viewer(page.url ?? '');
  await one.told('cameras');
  one.watch({ camera: 'drive', video: true });
  await answered(one);
  page.hide([
    {
      ...plan,
      privacy: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      ],
    },
  ]); // prettier-ignore
  expect(await one.told('no-video')).toMatchObject({ camera: 'drive' });
  page.outlet.state(aReport({ state: 'disabled' }));
  page.outlet.state(aReport({ state: 'online' })); // which takes the sources anew
  await watching(page);
});

test('a picture that was still looked at when its camera was switched off is shown to nobody', async () => {
  const page = host();
  await page.use(shown());
  const one = await watching(page);
  page.outlet.state(aReport({ state: 'disabled' }));
  page.onShown?.(frame(1), []);
  page.outlet.state(aReport({ state: 'online' }));
  page.onShown?.(frame(2), []);
  expect(await seqOf(one)).toBe(2);
});

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { parseConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { type Gateway, startGateway } from '../../src/daemon/gateway.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { anEvent } from '../helpers/events.ts';
import { type RtspCamera, startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { darkAt, untilPerson, visit } from './in-page.ts';
import { openPage } from './open-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);

// A browser beside an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

let camera: RtspCamera;
let gateway: Gateway;
let browser: Browser;
let url: string;

beforeAll(async () => {
  if (isMissing) return;
  await buildPage();
  camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4') });
  const config = `
data: { path: off }
sinks: []
dashboard: { listen: "127.0.0.1:0" }
cameras:
  open: { source: "${camera.url}", labels: { person: {} } }
  masked:
    source: "${camera.url}"
    masks: { privacy: [[[0.8, 0], [1, 0], [1, 1], [0.8, 1]]] }
`;
  gateway = await startGateway({
    loaded: parseConfig(config, { name: 'video', folder: packageRoot, environment: {} }),
    log: silentLog,
  });
  url = gateway.dashboardUrl ?? '';
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await camera?.close();
});

/** Settles when the page shows another picture. */
const nextPicture = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const stage = document.querySelector('.stage');
    new MutationObserver(resolve).observe(stage, { attributes: true, attributeFilter: ['data-shown'] });
  })`);

const isVideo = (page: Page): Promise<boolean> => page.locator('.stage video').first().isVisible();

inBrowser(
  'the video of a camera is copied while one looks, with its boxes in step, and not a moment longer',
  async () => {
    await vi.waitFor(() => expect(camera.sessions()).toBe(2), { timeout: 20_000 }); // the two that are looked at
    const { page, faults } = await visit(browser, url, '?camera=open');
    await expect.poll(() => isVideo(page), { timeout: 30_000 }).toBe(true);
    expect(camera.sessions()).toBe(3);
    await untilPerson(page);
    // The person comes and goes: as many pictures as it takes, each once.
    const seen: boolean[] = [];
    while (seen.length < 8) {
      const { hasBox, inside, outside } = await darkAt(page, '.stage video');
      if (hasBox) seen.push(inside > 0.1 && inside > 3 * outside);
      await nextPicture(page);
    }
    expect(seen.filter(Boolean).length, seen.join()).toBeGreaterThanOrEqual(6);
    expect(faults).toEqual([]);
    await page.close();
    await vi.waitFor(() => expect(camera.sessions()).toBe(2), { timeout: 10_000 });
  },
);

inBrowser(
  'of a camera that takes no further connection the pictures are shown, and its video once it takes one',
  async () => {
    camera.lock({ user: 'somebody', password: 'else' });
    const { page, faults } = await visit(browser, url, '?camera=open');
    await page.locator('.stage[data-shown]').waitFor({ timeout: 30_000 });
    expect(await isVideo(page)).toBe(false);
    expect(camera.sessions()).toBe(2);
    camera.lock(undefined);
    camera.drop();
    await expect.poll(() => isVideo(page), { timeout: 40_000 }).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
    await vi.waitFor(() => expect(camera.sessions()).toBe(2), { timeout: 10_000 });
  },
);

inBrowser('of a camera with a private area only masked pictures go out', async () => {
  const { page, faults } = await visit(browser, url, '?camera=masked');
  await page.locator('.stage[data-shown]').waitFor({ timeout: 30_000 });
  expect(await isVideo(page)).toBe(false);
  const black = await page.evaluate(`(() => {
    const canvas = document.querySelector('.stage canvas');
    const { data } = canvas.getContext('2d').getImageData(canvas.width * 0.85, 0, canvas.width * 0.15, canvas.height);
    return data.every((value, i) => i % 4 === 3 || value < 24);
  })()`);
  expect(black).toBe(true);
  expect(camera.sessions()).toBe(2);
  expect(faults).toEqual([]);
  await page.close();
});

inBrowser('a browser without Media Source sees the pictures that are looked at', async () => {
  const page = await browser.newPage();
  await page.addInitScript('delete globalThis.MediaSource');
  await page.goto(`${url}?camera=open`);
  await page.locator('.stage[data-shown]').waitFor({ timeout: 30_000 });
  expect(await isVideo(page)).toBe(false);
  expect(camera.sessions()).toBe(2);
  await page.close();
});

inBrowser.each([
  { name: 'that tells when its clip was whole', end: anEvent().time },
  { name: 'that had told its end before its clip was whole', end: null },
])('the clip of an event $name is played beside it', async ({ end }) => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'drive'));
  copyFileSync(join(packageRoot, 'examples/media/demo.mp4'), join(folder, 'drive', 'a.mp4'));
  const { dashboard, feed } = await openPage({
    clipsFolder: folder,
    pageFolder: join(packageRoot, 'dist/page'),
  });
  const clip = { ref: 'drive/a.mp4', start: anEvent().start, end, unmasked: true };
  feed.push({ event: anEvent({ type: 'end', end: anEvent().time, clip }) });
  const { page, faults } = await visit(browser, dashboard.url, `events?event=${anEvent().id}`);
  const video = page.locator('.detail video');
  await expect
    .poll(() => video.evaluate((element: { duration: number }) => element.duration), { timeout: 20_000 })
    .toBeGreaterThan(5);
  expect(await page.locator('.detail').textContent()).toContain(
    'The clip shows what the privacy mask hides.',
  );
  expect(faults).toEqual([]);
  await page.close();
});

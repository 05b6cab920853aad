import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { buildPage } from '../../scripts/build-page.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { type RtspCamera, startRtspCamera } from '../helpers/rtsp-camera.ts';
import { type FileGateway, startFileGateway } from './file-gateway.ts';
import { picture, serious, visit } from './in-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);

// A browser beside an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

const CONFIG = (source: string) => `# what is watched
data: { path: off }
sinks: []
dashboard: { listen: "127.0.0.1:0" }
cameras:
  room:
    source: "${source}" # of the hall
    labels: { person: {} }
`;
const ROOM = { timeout: 30_000 };

let camera: RtspCamera;
let gateway: FileGateway;
let browser: Browser;

beforeAll(async () => {
  if (isMissing) return;
  await buildPage();
  camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4') });
  gateway = await startFileGateway(CONFIG(camera.url));
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await camera?.close();
});

const isVideo = (page: Page): Promise<boolean> => page.locator('.stage video').first().isVisible();
const masks = () => parse(readFileSync(gateway.path, 'utf8')).cameras.room.masks;

/** The brightest of where a new mask is put, 0 to 255, in a picture or canvas of the page. */
function brightest(page: Page, what: string): Promise<number> {
  return page.evaluate(`(() => {
    const shown = document.querySelector(${JSON.stringify(what)});
    const [width, height] = [shown.naturalWidth ?? shown.width, shown.naturalHeight ?? shown.height];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(shown, 0, 0);
    const { data } = context.getImageData(0.77 * width, 0.07 * height, 0.16 * width, 0.16 * height);
    return data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 0);
  })()`);
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save and use' }).click();
  await page.getByText('Saved, and in use.').waitFor(ROOM);
}

inBrowser(
  'a privacy mask that is drawn hides its place from all who look, video and still at once',
  async () => {
    const { page: wall, faults } = await visit(browser, gateway.url, '?camera=room');
    await expect.poll(() => isVideo(wall), ROOM).toBe(true);
    const pictures = await browser.newPage();
    await pictures.addInitScript('delete globalThis.MediaSource');
    await pictures.goto(`${gateway.url}?camera=room`);
    await pictures.locator('.stage[data-shown]').waitFor(ROOM);
    expect(await brightest(pictures, '.stage canvas')).toBeGreaterThan(100);
    const openTile = await pictures.locator('.stage canvas').first().elementHandle();
    const { page: editor } = await visit(browser, gateway.url, '?camera=room&edit=1');
    await editor.locator('.falconet-picture[src]').waitFor(ROOM);
    expect(await brightest(editor, '.falconet-picture')).toBeGreaterThan(100);
    const open = await editor.locator('.falconet-picture').getAttribute('src');
    expect(camera.sessions()).toBe(2); // what is looked at, and what is copied

    await editor.getByRole('button', { name: '+ privacy mask' }).click();
    await picture(editor, 'dashboard-privacy');
    expect(await serious(editor)).toEqual([]);
    await save(editor);
    expect(await editor.locator(`.falconet-picture[src="${open}"]`).count()).toBe(0);
    expect(await isVideo(wall)).toBe(false);
    await expect
      .poll(() => openTile?.evaluate((canvas: { isConnected: boolean }) => canvas.isConnected))
      .toBe(false);
    expect(await brightest(pictures, '.stage canvas')).toBeLessThan(40);
    await wall.locator('.stage[data-shown]').waitFor(ROOM);
    expect(await brightest(wall, '.stage canvas')).toBeLessThan(40);
    await editor.locator('.falconet-picture[src]').waitFor(ROOM);
    expect(await brightest(editor, '.falconet-picture')).toBeLessThan(40);
    await vi.waitFor(() => expect(camera.sessions()).toBe(1), { timeout: 10_000 });
    expect(masks()).toEqual({ privacy: [expect.arrayContaining([[0.75, 0.05]])] });
    expect(readFileSync(gateway.path, 'utf8').split('\n')).toEqual(
      expect.arrayContaining(CONFIG(camera.url).trimEnd().split('\n')),
    );

    await editor.getByRole('button', { name: 'Remove', exact: true }).click();
    await editor.getByRole('button', { name: '+ motion mask' }).click();
    await save(editor);
    expect(masks()).toEqual({ motion: [expect.arrayContaining([[0.75, 0.05]])] });
    await expect.poll(() => isVideo(wall), ROOM).toBe(true);
    expect(faults).toEqual([]);
    await wall.close();
    await pictures.close();
    await editor.close();
  },
);

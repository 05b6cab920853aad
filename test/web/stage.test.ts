import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { encodeJpeg } from '../../src/media/image.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { visit } from './in-page.ts';
import { type OpenPage, openPage } from './open-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);
const pageFolder = join(packageRoot, 'dist/page');

vi.setConfig({ testTimeout: 120_000 });
const PATIENCE = { timeout: 10_000 };

let browser: Browser;
let jpeg: Uint8Array;

beforeAll(async () => {
  jpeg = await encodeJpeg({ width: 8, height: 8, data: new Uint8Array(8 * 8 * 3) });
  if (isMissing) return;
  await buildPage();
  browser = await startChromium();
});

afterAll(() => browser?.close());

/** Pictures are asked for in place of video, and one of the camera's is shown. */
async function picturesOf({ live }: OpenPage): Promise<(seq: number, wallTime: number) => void> {
  await expect.poll(() => live.watchers(), PATIENCE).toBe(2);
  live.play({ kind: 'none' });
  await expect.poll(() => live.watchers(), PATIENCE).toBe(1);
  return (seq, wallTime) =>
    live.show({ camera: 'drive', seq, wallTime, width: 8, height: 8, judged: [], jpeg });
}

function untilShown(page: Page, seq: number): Promise<void> {
  return page.locator(`.stage[data-shown="${seq}"]`).waitFor(PATIENCE);
}

inBrowser('a camera that starts anew is shown at once; a picture that was overtaken is not', async () => {
  const opened = await openPage({ pageFolder });
  const { page } = await visit(browser, opened.dashboard.url);
  const show = await picturesOf(opened);
  await page.evaluate(`{
    globalThis.shown = [];
    const stage = document.querySelector('.stage');
    const note = () => shown.push(stage.dataset.shown);
    new MutationObserver(note).observe(stage, { attributes: true, attributeFilter: ['data-shown'] });
  }`);
  show(39, 8_000);
  await untilShown(page, 39);
  show(38, 7_800);
  show(0, 60_000); // it counts from the start
  await untilShown(page, 0);
  expect(await page.evaluate('shown')).toEqual(['39', '0']);
  await page.close();
});

inBrowser('a gateway that comes back with its clock behind is shown at once', async () => {
  const first = await openPage({ pageFolder });
  const { page } = await visit(browser, first.dashboard.url);
  const show = await picturesOf(first);
  show(39, 8_000);
  await untilShown(page, 39);
  await first.dashboard.close();

  const again = await openPage({ pageFolder, port: Number(new URL(first.dashboard.url).port) });
  const showAgain = await picturesOf(again);
  showAgain(7, 1_000);
  await untilShown(page, 7);
  await page.close();
});

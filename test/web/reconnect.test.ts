import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { anEvent } from '../helpers/events.ts';
import { visit } from './in-page.ts';
import { openPage } from './open-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);
const pageFolder = join(packageRoot, 'dist/page');

vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;

beforeAll(async () => {
  if (isMissing) return;
  await buildPage();
  browser = await startChromium();
}, 60_000);

afterAll(() => browser?.close());

inBrowser('what came and went while the connection was lost is on the page once it is back', async () => {
  const first = await openPage({ pageFolder });
  const { page } = await visit(browser, first.dashboard.url, 'events');
  await page.locator('.empty').waitFor();
  first.feed.push({ event: anEvent({ id: 'drive-1' }) });
  await page.locator('button.event[data-event=drive-1] .badge').waitFor(); // still seen
  await page.locator('nav .count').waitFor();
  await first.dashboard.close();

  const port = Number(new URL(first.dashboard.url).port);
  const { time: end } = anEvent();
  const again = await openPage({ pageFolder, port });
  again.feed.push({ event: anEvent({ id: 'drive-1', seq: 1, type: 'end', end }) });
  again.feed.push({ event: anEvent({ id: 'drive-2', seq: 1, type: 'end', end }) });
  await page.locator('button.event[data-event=drive-2]').waitFor();
  expect(await page.locator('.badge.online').count()).toBe(0);
  expect(await page.locator('nav .count').count()).toBe(0);
  await page.close();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { parseConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { type Gateway, startGateway } from '../../src/daemon/gateway.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { darkAtBox, picture, serious, untilPerson, visit } from './in-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);
/** What a browser loads before it shows anything, compressed. */
const MOST_BYTES = 300_000;

// A browser beside an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

const CONFIG = `
gateway: demo
data: { path: off }
sinks: [{ type: webhook, url: "http://127.0.0.1:9/" }] # nobody is there
dashboard: { listen: "127.0.0.1:0" }
cameras:
  room:
    source: examples/media/demo.mp4
    loop: true
    labels: { person: { score: 0.4 } }
    zones: { desk: { polygon: [[0.4, 0.5], [1, 0.5], [1, 1], [0.4, 1]] } }
    lines: { door: { from: [0.35, 0.5], to: [0.35, 1] } }
`;

let bytes: number;
let gateway: Gateway;
let browser: Browser;
let url: string;

beforeAll(async () => {
  bytes = await buildPage();
  const loaded = parseConfig(CONFIG, { name: 'page', folder: packageRoot, environment: {} });
  gateway = await startGateway({ loaded, log: silentLog });
  url = gateway.dashboardUrl ?? '';
  if (!isMissing) browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

test('the whole page is light enough for a phone far from home', () => {
  process.stdout.write(`the page weighs ${(bytes / 1_000).toFixed(1)} kB compressed\n`);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

inBrowser(
  'the wall shows the camera, with a box where the person is, and nothing comes from elsewhere',
  async () => {
    const { page, faults } = await visit(browser, url);
    await untilPerson(page);
    const { inside, outside } = await darkAtBox(page, '.stage canvas');
    expect(inside).toBeGreaterThan(0.15);
    expect(inside).toBeGreaterThan(5 * outside);
    await picture(page, 'dashboard-wall');
    expect(await serious(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  },
);

inBrowser('what happens is on the page while one looks, and its picture with it', async () => {
  const { page, faults } = await visit(browser, url, 'events');
  const row = page.locator('button.event').first();
  await row.waitFor({ timeout: 60_000 });
  await expect
    .poll(() => row.locator('img').evaluate((img: { naturalWidth: number }) => img.naturalWidth))
    .toBe(640);
  expect(await row.textContent()).toContain('person');
  expect(faults).toEqual([]);
  await page.close();
});

inBrowser('events are walked through and opened without a mouse; the address bar says which', async () => {
  const { page, faults } = await visit(browser, url, 'events');
  await page.locator('button.event').nth(1).waitFor({ timeout: 60_000 });
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const id = new URL(page.url()).searchParams.get('event');
  expect(await page.locator('button.event[aria-expanded=true]').getAttribute('data-event')).toBe(id);
  await page.locator('.detail img').waitFor();
  await picture(page, 'dashboard-events');
  expect(await serious(page)).toEqual([]);
  await page.reload(); // as by a link that was sent on
  await page.locator('.detail').waitFor({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await page.locator('.detail').waitFor({ state: 'detached' });
  expect(page.url()).not.toContain('event=');
  expect(faults).toEqual([]);
  await page.close();
});

inBrowser('filters stand in the address bar and hold for what comes later too', async () => {
  const { page } = await visit(browser, url, 'events?label=cat');
  await page.locator('.empty').waitFor();
  expect(await page.locator('select[name=label]').inputValue()).toBe('cat');
  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.name')).toBe('camera');
  await page.locator('select[name=label]').selectOption('person');
  await page.locator('button.event').first().waitFor({ timeout: 60_000 });
  expect(new URL(page.url()).searchParams.get('label')).toBe('person');
  await page.goBack();
  await page.locator('.empty').waitFor();
  await page.close();
});

inBrowser('health is told in words, in the language that one chooses', async () => {
  const { page, faults } = await visit(browser, url, 'health');
  const card = page.locator('.card[data-camera=room]');
  await expect.poll(() => card.textContent(), { timeout: 30_000 }).toContain('Pictures come.');
  const middle = String.raw`\d+ ms, 1 in 20 over \d+ ms`;
  for (const stage of ['waits for the engine', 'in the engine', 'from its arrival to its verdict'])
    await expect.poll(() => card.textContent(), { timeout: 30_000 }).toMatch(new RegExp(stage + middle));
  const gatewayCard = page.locator('.card', { has: page.locator('#gateway-title') });
  await expect.poll(() => gatewayCard.textContent(), { timeout: 30_000 }).toMatch(/webhook.*\d+ waiting/);
  await picture(page, 'dashboard-health');
  expect(await serious(page)).toEqual([]);
  await page.locator('.settings select').first().selectOption('de');
  await expect.poll(() => card.textContent()).toContain('Bilder kommen an.');
  expect(await card.textContent()).toMatch(/wartet auf das Rechenwerk\d+ ms, 1 von 20 über/);
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  expect(await page.title()).toContain('Zustand');
  expect(faults).toEqual([]);
  await page.close();
});

inBrowser.each(['', 'events', 'health'])(
  'a dark phone shows all of /%s, none of it past its edge',
  async (path) => {
    const { page, faults } = await visit(browser, url, path, {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      deviceScaleFactor: 2,
      hasTouch: true,
      locale: 'de-DE',
    });
    if (path === '') await untilPerson(page);
    else await page.locator('button.event, .card[data-camera]').first().waitFor({ timeout: 60_000 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(13, 20, 22)',
    );
    await picture(page, `dashboard-phone-${path || 'wall'}`);
    expect(await serious(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  },
);

import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { buildPage } from '../../scripts/build-page.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { type FileGateway, startFileGateway } from './file-gateway.ts';
import { picture, visit } from './in-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);

// A browser beside an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

const CONFIG = `
data: { path: off }
sinks: []
dashboard: { listen: "127.0.0.1:0" }
cameras: { room: { source: demo, labels: { person: {} } } }
`;
const PHONE = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true };
/** What a finger needs, pixels of CSS. */
const FINGER = 44;

let gateway: FileGateway;
let browser: Browser;
let page: Page;
let faults: string[];
let fingers: CDPSession;

beforeAll(async () => {
  if (isMissing) return;
  await buildPage();
  gateway = await startFileGateway(CONFIG);
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

beforeEach(async () => {
  if (isMissing) return;
  ({ page, faults } = await visit(browser, gateway.url, '?camera=room&edit=1', PHONE));
  fingers = await page.context().newCDPSession(page);
  await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: '+ zone' }).tap();
  await page.locator('.falconet-stage').scrollIntoViewIfNeeded();
  return () => page.close();
});

type Point = readonly [x: number, y: number];

const touch = (type: 'Start' | 'Move' | 'End' | 'Cancel', ...points: Point[]): Promise<unknown> =>
  fingers.send('Input.dispatchTouchEvent', {
    type: `touch${type}`,
    touchPoints: points.map(([x, y], id) => ({ x, y, id })),
  });

async function boxOf(selector: string, n = 0) {
  const box = await page.locator(selector).nth(n).boundingBox();
  if (box === null) throw new Error(`expected ${selector} on the screen`);
  const { x, y, width, height } = box;
  return { x, y, width, height, middle: [x + width / 2, y + height / 2] as const };
}

const middleOf = async (n = 0) => (await boxOf('.falconet-board circle', n)).middle;
const corners = () => page.locator('.falconet-board circle').count();
const plus = ([x, y]: Point, dx: number, dy: number): Point => [x + dx, y + dy];

inBrowser(
  'a zone is drawn and moved by finger, and all that has to be hit is large enough for one',
  async () => {
    for (const what of await page.locator('.falconet-board circle, .editor button, .editor a, nav a').all()) {
      const { width = 0, height = 0 } = (await what.boundingBox()) ?? {};
      expect(width, await what.innerHTML()).toBeGreaterThanOrEqual(FINGER - 0.5);
      expect(height, await what.innerHTML()).toBeGreaterThanOrEqual(FINGER - 0.5);
    }
    const board = await boxOf('.falconet-board');
    const middle = await middleOf();
    const grip = plus(middle, -12, 12); // beside its dot: it does not jump below the finger
    await touch('Start', grip);
    for (const step of [0.25, 0.5, 0.75, 1])
      await touch('Move', plus(grip, -0.1 * board.width * step, -0.4 * board.height * step));
    await touch('End');
    const [x, y] = [board.x + 0.5 * board.width, board.y + 0.95 * board.height];
    await page.touchscreen.tap(x, y);
    await expect.poll(corners).toBe(5);
    await picture(page, 'dashboard-phone-editor');
    await page.getByRole('button', { name: 'Save and use' }).tap();
    await page.getByText('Saved, and in use.').waitFor({ timeout: 30_000 });

    const { polygon } = parse(readFileSync(gateway.path, 'utf8')).cameras.room.zones.zone1;
    expect(polygon).toHaveLength(5);
    expect(polygon[0][0]).toBeCloseTo(0.2, 2);
    expect(polygon[0][1]).toBeCloseTo(0.1, 2);
    expect(polygon[3][1]).toBeCloseTo(0.95, 1);
    expect(faults).toEqual([]);
  },
);

inBrowser(
  'a drag that the system takes away leaves the corner where it was, and following nobody',
  async () => {
    const middle = await middleOf();
    await touch('Start', middle);
    await touch('Move', plus(middle, -30, -40));
    await expect.poll(async () => (await middleOf())[1]).toBeCloseTo(middle[1] - 40, 0);
    await touch('Cancel');
    await expect.poll(() => middleOf()).toEqual(middle);

    const other = plus(middle, 60, 0);
    await touch('Start', other);
    await touch('Move', plus(other, 0, 10));
    await touch('End');
    await expect.poll(() => middleOf()).toEqual(middle);
  },
);

inBrowser('a finger scrolls the page from the picture, and draws nothing by that', async () => {
  const scrolled = () => page.evaluate('scrollY') as Promise<number>;
  const before = await scrolled();
  const { middle } = await boxOf('.falconet-board');
  const start = plus(middle, 0, -30);
  await touch('Start', start);
  for (const n of [1, 2, 3, 4, 5, 6]) await touch('Move', plus(start, 0, -20 * n));
  await touch('End');
  await expect.poll(scrolled).toBeGreaterThan(before + 30);
  expect(await corners()).toBe(4);
});

inBrowser(
  'a second finger draws nothing, and where corners stand close the nearer one is taken',
  async () => {
    const first = await middleOf();
    const near = plus(first, 20, 0);
    const last = await middleOf(1);
    await touch('Start', last);
    await touch('Move', plus(last, near[0] - last[0], 0));
    await touch('Move', plus(last, near[0] - last[0], 0), plus(first, 60, -60)); // another one comes down
    await touch('End');
    expect(await corners()).toBe(4);
    await expect.poll(async () => (await middleOf(1))[0]).toBeCloseTo(near[0], 0);

    const left = plus(first, 4, 0); // within reach of both
    await touch('Start', left);
    await touch('Move', plus(left, 0, -30));
    await touch('End');
    await expect.poll(async () => (await middleOf(0))[1]).toBeCloseTo(first[1] - 30, 0);
    await expect.poll(async () => (await middleOf(1))[1]).toBeCloseTo(near[1], 0);
  },
);

inBrowser('who takes a corner away by keyboard goes on at the one beside it, and is not lost', async () => {
  const remove = page.getByRole('button', { name: 'Remove corner' });
  const { x, y, width, height } = await boxOf('.falconet-board');
  await page.touchscreen.tap(x + 0.5 * width, y + 0.95 * height);
  await expect.poll(corners).toBe(5);
  const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label')");
  expect(await focused()).toMatch(/corner 4$/);
  await remove.focus();
  await page.keyboard.press('Enter');
  await expect.poll(corners).toBe(4);
  expect(await focused()).toMatch(/corner 4$/);
});

inBrowser('a corner is taken away by finger, but not one of the last three', async () => {
  const { x, y, width, height } = await boxOf('.falconet-board');
  const remove = page.getByRole('button', { name: 'Remove corner' });
  expect(await remove.isDisabled()).toBe(true);
  await page.touchscreen.tap(x + 0.5 * width, y + 0.95 * height);
  await expect.poll(corners).toBe(5);
  await remove.tap(); // the new one is picked
  await expect.poll(corners).toBe(4);
  await page.evaluate('scrollTo(0, 0)'); // the picture is not below the bar at the top
  const second = await middleOf(1);
  await page.touchscreen.tap(...(await middleOf(0)));
  await remove.tap();
  await expect.poll(corners).toBe(3);
  await page.evaluate('scrollTo(0, 0)');
  await page.touchscreen.tap(...(await middleOf(0)));
  expect((await middleOf(0))[0]).toBe(second[0]);
  expect(await remove.isDisabled()).toBe(true);
});

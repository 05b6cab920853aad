import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { freePort } from '../helpers/free-port.ts';
import { darkAtBox, picture, serious, untilPerson, visit } from '../web/in-page.ts';
import { buildPackage } from './built-package.ts';
import { EMPTY, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';
import { userFolder } from './packed-package.ts';
import { startRedProcess } from './red-process.ts';

const isWanted = process.env['FALCONET_SKIP_NOTHING'] !== undefined;
const inBrowser = test.skipIf(chromiumPath === undefined && !isWanted);
/** A minute, and a registry. */
const withDashboard2 = test.skipIf(!isWanted);
const DASHBOARD_2 = '@flowfuse/node-red-dashboard@1.31.0';

// A browser beside Node-RED and an engine has little of two cores.
vi.setConfig({ testTimeout: 240_000 });

let browser: Browser;
let red: TestNodeRed;

beforeAll(async () => {
  if (chromiumPath === undefined && !isWanted) return;
  red = await startNodeRed();
  browser = await startChromium();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await red?.close();
});

/** An example, its page on another port, in frames of another Node-RED. */
function example(name: string, port: number, red: string): FlowNode[] {
  const text = readFileSync(join(packageRoot, 'examples/flows', name), 'utf8');
  return JSON.parse(text.replaceAll(':8585', `:${port}`).replaceAll('http://127.0.0.1:1880 ', `${red} `));
}

inBrowser(
  'the example "dashboard": a browser shows the camera, a box lies on the person, and their events',
  async () => {
    const port = await freePort();
    await red.deploy(example('dashboard.json', port, red.url));
    const { page, faults } = await visit(browser, `http://127.0.0.1:${port}/`);
    await untilPerson(page);
    const { inside, outside } = await darkAtBox(page, '.stage canvas');
    expect(inside).toBeGreaterThan(2 * outside);
    await picture(page, 'dashboard-out');

    await page.goto(`http://127.0.0.1:${port}/events`);
    await page.locator('img[src*="/api/images/"]').first().waitFor({ timeout: 30_000 });
    await page.goto(`http://127.0.0.1:${port}/health`);
    await page.locator('[data-camera="room"]').waitFor();
    expect(await page.textContent('main')).toContain('pictures a second looked at');
    expect(await serious(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
    await red.deploy(EMPTY);
    expect(red.deliveries.all.filter(({ to }) => to === 'failed')).toEqual([]);
  },
);

inBrowser('a site that is named shows the page in a frame, another does not', async () => {
  const port = await freePort();
  const page = `http://127.0.0.1:${port}/`;
  const site = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html').end(`<iframe src="${page}"></iframe>`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void site.close());
  await once(site, 'listening');
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const fields = { gateway: '', listen: `127.0.0.1:${port}`, cert: '', key: '', version: 1, wires: [] };
  for (const { frameAncestors, isShown } of [
    { frameAncestors: '', isShown: false },
    { frameAncestors: 'http://127.0.0.1:1', isShown: false },
    { frameAncestors: origin, isShown: true },
  ]) {
    red.forget();
    await red.deploy([TAB, node('do1', 'falconet-dashboard-out', { ...fields, frameAncestors })]);
    await red.statuses.waitFor(({ text }) => text === `127.0.0.1:${port}`);
    const tab = await browser.newPage();
    await tab.goto(origin);
    const address = () => tab.frames()[1]?.evaluate('location.href') ?? '';
    const nav = tab.frameLocator('iframe').locator('nav');
    if (isShown) await nav.first().waitFor();
    else await expect.poll(address).toBe('chrome-error://chromewebdata/');
    await tab.close();
  }
});

withDashboard2('the example for Dashboard 2.0 shows the camera inside it', async () => {
  const port = await freePort();
  const built = await buildPackage();
  const userDir = await userFolder(DASHBOARD_2);
  const home = dirname(createRequire(import.meta.url).resolve('node-red/package.json'));
  const user = await startRedProcess({ node: process.execPath, red: home, userDir, nodesDir: built.folder });
  onTestFinished(async () => {
    await user.stop();
    await built.remove();
    await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
  });
  await user.deploy(example('dashboard-in-dashboard-2.json', port, user.url));
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 }, locale: 'en-GB' });
  await page.goto(`${user.url}/dashboard/cameras`);
  const frame = page.frameLocator('iframe');
  await frame.locator('.stage[aria-label*="person"]').waitFor({ timeout: 60_000 });
  await picture(page, 'dashboard-in-dashboard-2');
  await page.close();
});

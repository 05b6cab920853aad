import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { buildPage } from '../../scripts/build-page.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { type FileGateway, startFileGateway } from './file-gateway.ts';
import { picture, serious, visit } from './in-page.ts';

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;
const inBrowser = test.skipIf(isMissing);

// A browser beside an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

const CONFIG = `# what is watched
data: { path: off }
sinks: []
dashboard: { listen: "127.0.0.1:0" }
cameras:
  room:
    source: demo   # bundled
    labels: { person: { score: 0.4 } }
    lines:
      door: { from: [0.35, 0.5], to: [0.35, 1] } # to the left
`;

let gateway: FileGateway;
let browser: Browser;

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

inBrowser(
  'a zone is drawn by mouse and keyboard, stands in the file beside its comments, and takes effect',
  async () => {
    const { page, faults } = await visit(browser, gateway.url, '?camera=room');
    await page.getByText('Draw zones, lines, masks').click();
    await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: '+ zone' }).click();
    const corner = page.locator('.falconet-board circle').first();
    const {
      x = 0,
      y = 0,
      width = 0,
      height = 0,
    } = (await page.locator('.falconet-board').boundingBox()) ?? {};
    await corner.hover();
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height * 0.4, { steps: 4 });
    await page.mouse.up();
    await page.locator('.falconet-board circle').nth(1).focus();
    await page.keyboard.press('Shift+ArrowRight');
    await picture(page, 'dashboard-editor');
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save and use' }).click();
    await page.getByText('Saved, and in use.').waitFor({ timeout: 30_000 });

    const text = readFileSync(gateway.path, 'utf8');
    const { zone1 } = parse(text).cameras.room.zones;
    expect(zone1.polygon).toHaveLength(4);
    expect(zone1.polygon[0][0]).toBeCloseTo(0.5, 1);
    expect(zone1.polygon[1]).toEqual([0.75, 0.5]);
    const kept = CONFIG.trimEnd().split('\n');
    expect(text.split('\n')).toEqual(expect.arrayContaining(kept));

    await page.getByText('Back to the picture').click();
    await expect
      .poll(
        async () =>
          ((await (await fetch(`${gateway.url}api/events?zone=zone1`)).json()) as { events: [] }).events
            .length,
        {
          timeout: 60_000,
        },
      )
      .toBeGreaterThan(0);
    await page.getByText('Draw zones, lines, masks').click();
    await page.getByRole('button', { name: 'Try on past events' }).click();
    await page.getByText(/^[1-9]\d* in zone1$/).waitFor({ timeout: 10_000 });
    expect(faults).toEqual([]);
    await page.close();
  },
);

inBrowser('what the gateway would not take is told, and the file stays as it is', async () => {
  const { page } = await visit(browser, gateway.url, '?camera=room&edit=1');
  await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });
  const before = readFileSync(gateway.path, 'utf8');
  await page.getByRole('button', { name: 'zone1', exact: true }).click();
  await page.locator('#falconet-shape-dwell').fill('soon');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Save and use' }).click();
  await page.getByText('cameras.room.zones.zone1.dwell').waitFor({ timeout: 30_000 });
  expect(readFileSync(gateway.path, 'utf8')).toBe(before);

  await page.locator('#falconet-shape-dwell').fill('2s');
  await page.keyboard.press('Tab');
  writeFileSync(
    gateway.path,
    before.replace('# what is watched', '# what is watched, by somebody else meanwhile'),
  );
  await page.getByRole('button', { name: 'Save and use' }).click();
  await page.getByText('was changed by somebody else meanwhile').waitFor({ timeout: 30_000 });
  expect(readFileSync(gateway.path, 'utf8')).toContain('by somebody else meanwhile');
  await page.close();
});

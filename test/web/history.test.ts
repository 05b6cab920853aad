import { expect, vi } from 'vitest';
import { latestFirst } from '../../src/core/asked-for.ts';
import type { EventArchive } from '../../src/core/event-archive.ts';
import { anEvent } from '../helpers/events.ts';
import { visit } from './in-page.ts';
import { openPage } from './open-page.ts';
import { inBrowser, pageBrowser, pageFolder } from './page-browser.ts';

vi.setConfig({ testTimeout: 120_000 });

const browser = pageBrowser();

/** So many lives, a minute between two, that were over long ago; by number, the newest is 0. */
function stored(count: number): Pick<EventArchive, 'find' | 'image'> {
  const lives = Array.from({ length: count }, (_, i) => {
    const start = new Date(Date.UTC(2026, 0, 2) - i * 60_000).toISOString();
    return anEvent({ id: `drive-${i}`, type: 'end', start, time: start, end: start });
  });
  return {
    find: async ({ before, limit = 50 }) =>
      lives.filter((life) => before === undefined || latestFirst(before, life) < 0).slice(0, limit),
    image: async () => undefined,
  };
}

inBrowser('an older event that is opened stays open, among all that were listed', async () => {
  const { dashboard } = await openPage({ pageFolder, archive: stored(120) });
  const { page } = await visit(browser(), dashboard.url, 'events');
  const rows = page.locator('button.event');
  await expect.poll(() => rows.count()).toBe(50);
  await page.getByRole('button', { name: 'Older events' }).click();
  await expect.poll(() => rows.count()).toBe(100);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.locator('button.event[data-event=drive-70]').click();
  await page.locator('.events.open').waitFor();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path.includes('/api/events?limit=50'))).toEqual([]);
  expect(await rows.count()).toBe(100);
  expect(await page.locator('.events.open').count()).toBe(1);
  await page.close();
});

inBrowser('a time in the address that is none hides no event that comes', async () => {
  const { dashboard, feed } = await openPage({ pageFolder, archive: stored(1) });
  const { page } = await visit(browser(), dashboard.url, 'events?since=abc');
  await page.locator('button.event[data-event=drive-0]').waitFor();
  const { time: end } = anEvent();
  feed.push({ event: anEvent({ id: 'new', seq: 1, type: 'end', end }) });
  await page.locator('button.event[data-event=new]').waitFor({ timeout: 10_000 });
  await page.close();
});

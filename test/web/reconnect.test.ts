import { describe, expect, onTestFinished, vi } from 'vitest';
import { anEvent, aReport } from '../helpers/events.ts';
import { startWire } from '../helpers/wire.ts';
import { visit } from './in-page.ts';
import { type OpenPage, openPage } from './open-page.ts';
import { inBrowser, pageBrowser, pageFolder } from './page-browser.ts';
import { viewer } from './viewers.ts';

vi.setConfig({ testTimeout: 120_000 });

const browser = pageBrowser();

inBrowser('what came and went while the connection was lost is on the page once it is back', async () => {
  const first = await openPage({ pageFolder });
  const { page } = await visit(browser(), first.dashboard.url, 'events');
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

inBrowser('a gateway that lost its power does not look live, and is there again when it has it', async () => {
  const { dashboard, feed } = await openPage({ pageFolder });
  const wire = await startWire(Number(new URL(dashboard.url).port));
  onTestFinished(() => wire.close());
  const page = await browser().newPage();
  await page.clock.install();
  await page.goto(`http://127.0.0.1:${wire.port}/events`);
  await page.locator('.empty').waitFor();
  await page.clock.fastForward(30_000);
  feed.push({ event: anEvent({ id: 'drive-1' }) });
  await page.locator('button.event[data-event=drive-1]').waitFor();
  await page.clock.fastForward(30_000); // less than 40 s after what came last
  expect(await page.locator('.lost').count()).toBe(0);
  wire.silence();
  await page.clock.fastForward(11_000);
  await page.locator('.lost').waitFor();
  wire.speak();
  await page.clock.fastForward(1_000);
  await page.locator('.lost').waitFor({ state: 'detached' });
  await page.close();
});

inBrowser('a page for which there is no room tries more and more seldom', async () => {
  const { dashboard } = await openPage({ pageFolder });
  const others = Array.from({ length: 50 }, () => viewer(dashboard.url));
  await Promise.all(others.map((other) => other.told('cameras')));
  const page = await browser().newPage();
  const tries: number[] = [];
  page.on('websocket', () => tries.push(performance.now()));
  await page.goto(dashboard.url);
  await expect.poll(() => tries.length, { timeout: 30_000 }).toBe(3);
  const [, second = 0, third = 0] = tries;
  expect(third - second).toBeGreaterThan(1_900); // 1 s after the first, 2 s after the second
  await page.close();
});

describe('copied video that was taken away comes back', () => {
  const state = ({ feed }: OpenPage, is: 'disabled' | 'online'): void => feed.state(aReport({ state: is }));

  inBrowser.each([
    {
      name: 'a camera that was switched off and on',
      change(page: OpenPage) {
        state(page, 'disabled');
        state(page, 'online');
      },
    },
    {
      name: 'a configuration that was read again',
      change: ({ feed }: OpenPage) => feed.setCameras(feed.cameras),
    },
  ])('after $name', async ({ change }) => {
    const opened = await openPage({ pageFolder });
    const { page } = await visit(browser(), opened.dashboard.url);
    const watched = { video: 2, pictures: 1 }; // boxes come beside the video, and in the pictures
    await expect.poll(() => opened.live.watchers()).toBe(watched.video);
    opened.live.play({ kind: 'none' });
    await expect.poll(() => opened.live.watchers()).toBe(watched.pictures);
    change(opened);
    await expect.poll(() => opened.live.watchers()).toBe(watched.video);
    await page.close();
  });
});

inBrowser.each([
  {
    name: 'that may keep nothing',
    script: "Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('no') } })",
  },
  {
    name: 'that kept nonsense',
    script: "for (const key of ['shows', 'theme', 'language']) localStorage.setItem('falconet-' + key, '[');",
  },
])('a browser $name shows the page all the same', async ({ script }) => {
  const { dashboard } = await openPage({ pageFolder });
  const page = await browser().newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.addInitScript(script);
  await page.goto(dashboard.url);
  await page.locator('.tile').waitFor({ timeout: 10_000 });
  await page.getByText('Boxes').click();
  expect(faults).toEqual([]);
  await page.close();
});

import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { LivePicture } from '../../src/core/live.ts';
import { anEvent, aReport } from '../helpers/events.ts';
import { type OpenPage, openPage } from './open-page.ts';
import { sentAway, type Viewer, viewer } from './viewers.ts';

const view = ({ dashboard }: OpenPage, origin?: string): Viewer => viewer(dashboard.url, origin);

function aPicture(seq: number): LivePicture {
  return {
    camera: 'drive',
    seq,
    wallTime: 1_000 + seq,
    width: 640,
    height: 360,
    judged: [],
    jpeg: new Uint8Array([0xff, 0xd8, seq]),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function watching(page: OpenPage, count: number): Promise<void> {
  while (page.live.watchers() !== count) await turn();
}

test('who comes hears what holds now, then each change', async () => {
  const page = await openPage();
  page.feed.state(aReport());
  const one = view(page);
  expect((await one.told('cameras')).cameras).toMatchObject([{ camera: 'drive' }]);
  expect((await one.told('state')).state.state).toBe('online');
  page.feed.push({ event: anEvent() });
  expect((await one.told('event')).event.id).toBe(anEvent().id);
});

test('who looks on hears that the connection is there, also where nothing happens', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const one = view(await openPage());
  await one.told('cameras');
  vi.advanceTimersByTime(15_000);
  expect(await one.told('alive')).toEqual({ kind: 'alive' });
});

test('pictures are made only while somebody looks at their camera', async () => {
  const page = await openPage();
  const one = view(page);
  await one.told('cameras');
  expect(page.live.watchers()).toBe(0);
  one.watch({ camera: 'drive', video: false });
  await watching(page, 1);
  page.live.show(aPicture(7));
  expect(await one.bytes()).toMatchObject({
    head: { kind: 'picture', camera: 'drive', seq: 7, at: 1_007, width: 640, tracks: [] },
    body: Buffer.from([0xff, 0xd8, 7]),
  });
  one.watch();
  await watching(page, 0);
});

test('who goes away without a word costs nothing more', async () => {
  const page = await openPage();
  const one = view(page);
  await one.told('cameras');
  one.watch({ camera: 'drive', video: true });
  await watching(page, 2);
  one.socket.terminate();
  await watching(page, 0);
});

test('copied video begins with a picture that stands for itself, and its boxes come beside it', async () => {
  const page = await openPage();
  const one = view(page);
  await one.told('cameras');
  one.watch({ camera: 'drive', video: true });
  await watching(page, 2);
  page.live.play({ kind: 'start', mime: 'video/mp4; codecs="avc1.42C01F"', bytes: new Uint8Array([1]) });
  page.live.play({ kind: 'piece', isKey: false, at: 1, bytes: new Uint8Array([2]) });
  page.live.play({ kind: 'piece', isKey: true, at: 2, bytes: new Uint8Array([3]) });
  page.live.tell({ ...aPicture(1), wallTime: 2 });
  expect((await one.bytes()).head).toMatchObject({
    kind: 'video-start',
    mime: expect.stringContaining('avc1'),
  });
  expect((await one.bytes()).head).toMatchObject({ kind: 'video', at: 2 });
  expect(await one.told('tracks')).toMatchObject({ camera: 'drive', at: 2, tracks: [] });
  page.live.play({ kind: 'none' });
  expect(await one.told('no-video')).toEqual({ kind: 'no-video', camera: 'drive' });
});

test.each([
  { name: 'no JSON', message: '{' },
  { name: 'another shape', message: '{"watch":"all"}' },
  {
    name: 'too many cameras',
    message: JSON.stringify({ watch: Array(100).fill({ camera: 'a', video: false }) }),
  },
  { name: 'bytes', message: Buffer.from('{"watch":[]}') },
])('a page that sends $name is sent away, and nobody else notices', async ({ message }) => {
  const page = await openPage();
  const [bad, good] = [view(page), view(page)];
  await Promise.all([bad.told('cameras'), good.told('cameras')]);
  bad.socket.send(message);
  expect(await sentAway(bad)).toBe(1008);
  page.feed.push({ event: anEvent() });
  await good.told('event');
});

test('the page of another site gets no connection', async () => {
  const page = await openPage();
  const one = view(page, 'http://evil.example');
  const [error] = await once(one.socket, 'error');
  expect(String(error)).toContain('403');
});

test('closing sends everybody away within two seconds', async () => {
  const page = await openPage();
  const one = view(page);
  await one.told('cameras');
  const closed = once(one.socket, 'close');
  const began = performance.now();
  await page.dashboard.close();
  await closed;
  expect(performance.now() - began).toBeLessThan(2_500);
});

test('whoever has a slow line misses pictures; who has not sees them all', async () => {
  const page = await openPage();
  const [slow, quick] = [view(page), view(page)];
  for (const one of [slow, quick]) {
    await one.told('cameras');
    one.watch({ camera: 'drive', video: false });
  }
  await watching(page, 2);
  slow.socket.pause();
  const jpeg = new Uint8Array(200_000);
  const all = 200; // more than the system takes in on behalf of one who does not read
  for (let seq = 0; seq < all; seq++) {
    page.live.show({ ...aPicture(seq), jpeg });
    expect((await quick.bytes()).head).toMatchObject({ seq });
  }
  slow.socket.resume();
  page.feed.push({ event: anEvent() }); // comes behind whatever was kept for it
  await slow.told('event');
  expect(slow.waiting()).toBeGreaterThan(0);
  expect(slow.waiting()).toBeLessThan(all);
});

import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { archiveSink } from '../../../src/sinks/archive/archive-sink.ts';
import { askedThread } from '../../../src/sinks/archive/asked-thread.ts';
import { openEventArchive } from '../../../src/sinks/archive/event-archive.ts';
import type { WriteAnswer, WriteRequest } from '../../../src/sinks/archive/messages.ts';
import { queued } from '../../../src/sinks/queue.ts';
import { anEvent, anImage } from '../../helpers/events.ts';
import { skipFor } from '../../helpers/installed.ts';
import { smallDisk } from '../../helpers/small-disk.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { sinkContract } from '../contract.ts';
import { aLife, anArchive, PLENTY, recorder, writeAll } from './archive.ts';

sinkContract('store', async () => {
  const folder = join(tempFolder(), 'data');
  const archive = openEventArchive(folder);
  // The contract's events are of one life, of which the store keeps the newest message: each is read as it is newest.
  const seen: Awaited<ReturnType<typeof archive.find>> = [];
  const sink = archiveSink({ folder, limits: PLENTY, log: silentLog });
  return {
    sink: {
      ...sink,
      async write(delivery) {
        await sink.write(delivery);
        seen.push(...(await archive.find({ limit: 1 })));
      },
    },
    arrived: async () => seen,
    async breakPlace() {
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, '');
    },
    tearDown: () => archive.close(),
  };
});

const WITHIN = { timeout: 10_000, interval: 20 };
const picture = (byte: number) => new Uint8Array(1_000).fill(byte);
const named = (seq: number) => ({ ...anImage(), ref: `drive/a-${seq}.jpg` });

test('a life is one row: its newest message, and the newest of its pictures', async () => {
  const folder = tempFolder();
  const { sink, archive } = anArchive(folder);
  await sink.write({ event: anEvent({ image: named(0) }), image: picture(1) });
  await sink.write({ event: anEvent({ type: 'update', seq: 1, image: named(1) }), image: picture(2) });
  const end = '2026-11-24T08:23:54.523Z';
  await sink.write({ event: anEvent({ type: 'end', seq: 2, time: end, end, label: 'dog' }) });
  const found = await archive.find({});
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ type: 'end', seq: 2, end, label: 'dog', image: named(1) });
  expect(await archive.image('drive/a-1.jpg')).toEqual(Buffer.from(picture(2)));
  expect(await archive.image('drive/a-0.jpg')).toBeUndefined();
  expect(readdirSync(join(folder, 'pictures', 'drive'))).toEqual(['a-1.jpg']);
});

test('a message that comes again, or late, takes nothing back', async () => {
  const { sink, archive } = anArchive(tempFolder());
  const end = '2026-11-24T08:23:54.523Z';
  await sink.write({ event: anEvent({ image: named(0) }), image: picture(1) });
  const last = anEvent({ type: 'end', seq: 2, time: end, end });
  await sink.write({ event: last });
  await sink.write({ event: last });
  await sink.write({ event: anEvent({ image: named(0) }), image: picture(1) });
  expect(await archive.find({})).toMatchObject([{ type: 'end', seq: 2, image: named(0) }]);
  expect(await archive.image('drive/a-0.jpg')).toBeDefined();
});

test('all is there after a restart, pictures of a commit that never came are not', async () => {
  const folder = tempFolder();
  const first = anArchive(folder);
  await writeAll(first.sink, [aLife(1, { picture: 500 }), aLife(2)]);
  await first.sink.close();
  for (const end of ['1.jpg', '2.jpg.part']) {
    writeFileSync(join(folder, `pictures/drive/drive-20261124T082254.123Z-7-${end}`), 'x');
  }
  const { sink, archive } = anArchive(folder);
  await sink.write(aLife(3));
  expect(await archive.find({})).toHaveLength(3);
  expect(readdirSync(join(folder, 'pictures/drive'))).toEqual([expect.stringMatching(/-1-0\.jpg$/)]);
});

test('a data folder that has other pictures in it keeps them', async () => {
  const folder = tempFolder();
  const others = ['a.jpg', 'holiday/drive-20261124T082254.123Z-7-1.jpg', 'drive/of-somebody.jpg'];
  for (const camera of ['holiday', 'drive']) mkdirSync(join(folder, 'pictures', camera), { recursive: true });
  for (const name of others) writeFileSync(join(folder, 'pictures', name), 'x');
  await anArchive(folder).sink.write(aLife(1, { picture: 10 }));
  for (const name of others) expect([name, existsSync(join(folder, 'pictures', name))]).toEqual([name, true]);
});

test.skipIf(process.platform === 'win32')('nobody else can read what was seen', async () => {
  const folder = join(tempFolder(), 'data');
  await anArchive(folder).sink.write(aLife(1, { picture: 10 }));
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(all.length).toBeGreaterThan(3);
  for (const name of ['', ...all])
    expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
});

test.each(['../out.jpg', '/etc/passwd', 'drive/../../out.jpg', '.', '', 'drive', '\0', 'x'.repeat(5_000)])(
  'no name of a picture leads out of the folder: %j',
  async (ref) => {
    const { sink, archive } = anArchive(tempFolder());
    await sink.write(aLife(1, { picture: 10 }));
    expect(await archive.image(ref)).toBeUndefined();
  },
);

describe('the budget', () => {
  test('days: what ended longer ago goes, with its picture; what is in sight yet stays', async () => {
    const folder = tempFolder();
    const now = Date.UTC(2026, 10, 24) + 2 * 86_400_000;
    const limits = { maxAgeMs: 86_400_000 };
    const first = anArchive(folder, { limits, clock: { now: () => now } });
    const inSight = aLife(2, { lasts: null, picture: 100 });
    await writeAll(first.sink, [
      aLife(1, { picture: 100 }),
      { ...inSight, event: { ...inSight.event, time: new Date(now - 60_000).toISOString() } },
      aLife(3, { at: 86_400, picture: 100 }),
    ]);
    await first.sink.close();
    const { sink, archive } = anArchive(folder, { limits, clock: { now: () => now } }); // tidies as it starts
    await sink.write(aLife(4, { at: 86_401 }));
    const found = await archive.find({});
    expect(found.map(({ id }) => id.split('-').at(-1))).toEqual(['4', '3', '2']);
    expect(readdirSync(join(folder, 'pictures/drive'))).toHaveLength(2);
  });

  test('a life whose end got lost is over a day after its newest message, and goes like any other', async () => {
    const folder = tempFolder();
    const start = Date.UTC(2026, 10, 24);
    const later = async (days: number) => {
      const clock = { now: () => start + days * 86_400_000 + 11_000 };
      const opened = anArchive(folder, { limits: { maxAgeMs: 3 * 86_400_000 }, clock }); // tidies as it starts
      await opened.sink.write(aLife(100 + days, { at: days * 86_400 }));
      const found = await opened.archive.find({ until: start + 86_400_000 });
      await opened.sink.close();
      return found.map(({ id, type, seq, end }) => [id.split('-').at(-1), type, seq, end]);
    };
    const first = anArchive(folder, { clock: { now: () => start } });
    const { event, image } = aLife(1, { lasts: null, picture: 100 });
    const lost = { ...event, type: 'update' as const, seq: 3, time: new Date(start + 10_000).toISOString() };
    const heartbeat = { ...lost, track: { ...lost.track, age_s: 2.0009 } };
    await first.sink.write({ event: heartbeat, ...(image && { image }) });
    await first.sink.close();

    expect(await later(0.5)).toContainEqual(['1', 'update', 3, null]);
    expect(await later(1)).toContainEqual(['1', 'update', 3, '2026-11-24T00:00:03.001Z']);
    expect(await later(5)).toEqual([]);
    expect(readdirSync(join(folder, 'pictures/drive'))).toEqual([]);
  });

  test('a life that was taken for lost, and is told of again, is in sight again', async () => {
    const folder = tempFolder();
    const { event } = aLife(1, { lasts: null });
    await anArchive(folder).sink.write({ event });
    const tidied = anArchive(folder, { clock: { now: () => Date.parse(event.time) + 86_400_001 } });
    await tidied.sink.write(aLife(2));
    expect(await tidied.archive.find({ since: Date.UTC(2026, 10, 25) })).toEqual([]);
    await tidied.sink.write({ event: { ...event, type: 'update', seq: 1 } });
    expect(await tidied.archive.find({ since: Date.UTC(2026, 10, 25) })).toMatchObject([{ end: null }]);
  });

  test('bytes: the lives that ended longest ago go first, and no more of them than need be', async () => {
    const folder = tempFolder();
    const { sink, archive } = anArchive(folder, { limits: { maxBytes: 100_000 } });
    for (let i = 0; i < 20; i++) await sink.write(aLife(i, { picture: 20_000 }));
    const found = await archive.find({});
    expect(found.map(({ id }) => id.split('-').at(-1))).toEqual(['19', '18', '17', '16']);
    expect(readdirSync(join(folder, 'pictures/drive'))).toHaveLength(4);
  });

  test('a reserve that is not free any more: what is new takes the place of the oldest, and that is said once', async () => {
    const folder = tempFolder();
    const before = anArchive(folder);
    await writeAll(
      before.sink,
      Array.from({ length: 5 }, (_, i) => aLife(i, { picture: 20_000 })),
    );
    await before.sink.close();
    const { sink, archive, lines } = anArchive(folder, { limits: { reserveBytes: 1e18 } });
    for (let i = 5; i < 8; i++) await sink.write(aLife(i, { picture: 20_000 }));
    const numbers = (await archive.find({})).map(({ id }) => id.split('-').at(-1));
    expect(numbers.slice(0, 3)).toEqual(['7', '6', '5']);
    expect(numbers.length).toBeLessThanOrEqual(5);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('less than the reserve free');
  });

  test('with no reserve and nothing that could go, an event has to wait, in words', async () => {
    const { sink } = anArchive(tempFolder(), { limits: { reserveBytes: 1e18 } });
    await expect(sink.write(aLife(1))).rejects.toMatchObject({
      code: 'SINK_OFFLINE',
      message: expect.stringContaining('events_reserve_gb'),
    });
  });
});

describe('a disk that fails', () => {
  test('a damaged file is set aside with its pictures, said, and begun anew', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'events.db'), 'this is no database, and never was one'.repeat(100));
    const { sink, archive, lines } = anArchive(folder);
    await sink.write(aLife(1, { picture: 10 }));
    expect(await archive.find({})).toHaveLength(1);
    expect(lines).toEqual(['the event store was damaged: it was renamed and begun anew']);
    expect(readdirSync(folder).filter((name) => name.startsWith('events.db.damaged-'))).toHaveLength(1);
  });

  test('a file that is damaged while it is in use costs no later event', async () => {
    const folder = tempFolder();
    const first = anArchive(folder);
    await writeAll(
      first.sink,
      Array.from({ length: 300 }, (_, i) => aLife(i, { picture: 10 })),
    );
    await first.sink.close();
    const path = join(folder, 'events.db');
    rmSync(`${path}-wal`, { force: true });
    const bytes = await readFile(path);
    writeFileSync(path, bytes.fill(0x5a, 4_096, bytes.length));
    const { sink, archive, lines } = anArchive(folder);
    await sink.write(aLife(1_000, { picture: 10 }));
    expect(lines).toEqual(['the event store was damaged: it was renamed and begun anew']);
    expect(await archive.find({})).toHaveLength(1);
    const aside = readdirSync(folder).filter((name) => name.startsWith('pictures.damaged-'));
    expect(readdirSync(join(folder, aside[0] ?? '', 'drive'))).toHaveLength(300);
  });

  test('a file that somebody removes is made anew, and read anew', async () => {
    const folder = tempFolder();
    const { sink, archive } = anArchive(folder);
    await sink.write(aLife(1));
    expect(await archive.find({})).toHaveLength(1);
    for (const part of ['', '-wal', '-shm']) rmSync(join(folder, `events.db${part}`), { force: true });
    expect(await archive.find({})).toEqual([]);
    await sink.write(aLife(2));
    expect((await archive.find({})).map(({ id }) => id)).toEqual([aLife(2).event.id]);
  });

  test('a full disk loses nothing that can wait, and is said once; once there is room, all is kept', async (context) => {
    const disk = smallDisk(2_048) ?? skipFor(context, 'mounting a small disk needs root on Linux');
    context.onTestFinished(() => disk.remove());
    const { sink, archive, lines } = anArchive(disk.folder);
    const { log } = recorder();
    const queue = queued(sink, { log });
    queue.push(aLife(0, { picture: 1_000 }));
    await queue.drain();
    const makeRoom = disk.fill();
    const lives = Array.from({ length: 100 }, (_, i) => aLife(1 + i, { picture: 5_000 }));
    for (const life of lives) queue.push(life);
    await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
    makeRoom();
    await queue.drain();
    expect(lines).toEqual([expect.stringContaining('cannot be written'), 'the event store is written again']);
    const found = await archive.find({ limit: 1_000 });
    expect(found).toHaveLength(101);
    for (const { image } of found) expect(await archive.image(image?.ref ?? '')).toBeDefined();
    expect([queue.failed, queue.dropped]).toEqual([0, 0]);
    await queue.close();
    await archive.close();
  });

  test('a disk that hangs at the close holds back what waits, and no thread is started after it', async () => {
    let asked = 0;
    let fail: (error: Error) => void = () => {};
    const ask = () => {
      asked += 1;
      return new Promise<WriteAnswer>((_, reject) => {
        fail = reject;
      });
    };
    const thread = { ask, end: async () => fail(new Error('ended')) };
    const sink = archiveSink({ folder: tempFolder(), limits: PLENTY, log: silentLog, thread });
    const written = Promise.allSettled([aLife(1), aLife(2)].map((life) => sink.write(life)));
    const before = asked;
    await sink.close();
    for (const one of await written) expect(one).toMatchObject({ reason: { code: 'SINK_OFFLINE' } });
    expect(asked).toBe(before);
  });

  test('a thread that dies is started again, and says why what it held has to wait', async () => {
    const folder = tempFolder();
    const program = new URL('../../../src/sinks/archive/writer-thread.ts', import.meta.url);
    const thread = askedThread<WriteRequest, WriteAnswer>(program, { folder, limits: PLENTY });
    const { sink, archive } = anArchive(folder, { thread });
    await sink.write(aLife(1));
    const write = sink.write(aLife(2)).catch((error: unknown) => error);
    await thread.end();
    expect(await write).toMatchObject({
      code: 'SINK_OFFLINE',
      message: expect.stringContaining('its thread has ended'),
    });
    await sink.write(aLife(3));
    expect((await archive.find({})).map(({ id }) => id)).toContain(aLife(3).event.id);
  });
});

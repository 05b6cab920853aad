import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { type FileSinkOptions, fileSink } from '../../src/sinks/file.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { installed, skipFor } from '../helpers/installed.ts';
import { sinkContract } from './contract.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'falconet-file-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

async function linesOf(path: string): Promise<FalconetEvent[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function writeAll(options: FileSinkOptions, events: readonly FalconetEvent[]): Promise<void> {
  const sink = fileSink(options);
  for (const event of events) await sink.write({ event });
  await sink.close();
}

sinkContract('file', async () => {
  const path = join(folder, 'deep', 'events.jsonl');
  return {
    sink: fileSink({ path }),
    arrived: () => linesOf(path),
    // A file where the folder should be stops every user, root too.
    breakPlace: () => writeFile(join(folder, 'deep'), ''),
    tearDown: async () => {},
  };
});

describe('the file of an event', () => {
  test("is named by the event's local day, and a new day is a new file", async () => {
    const days = [new Date(2026, 10, 24, 23, 59, 59), new Date(2026, 10, 25, 0, 0, 1)];
    const events = days.map((day, seq) => anEvent({ seq, time: day.toISOString() }));
    await writeAll({ folder, path: 'events/%Y-%m-%d.jsonl' }, events);
    expect(await readdir(join(folder, 'events'))).toEqual(['2026-11-24.jsonl', '2026-11-25.jsonl']);
    expect(await linesOf(join(folder, 'events/2026-11-25.jsonl'))).toMatchObject([{ seq: 1 }]);
  });

  test('grows over restarts', async () => {
    const path = join(folder, 'events.jsonl');
    for (const seq of [0, 1]) await writeAll({ path }, [anEvent({ seq })]);
    expect((await linesOf(path)).map(({ seq }) => seq)).toEqual([0, 1]);
  });

  test('half a line that a crash left costs that line and no other', async () => {
    const path = join(folder, 'events.jsonl');
    await appendFile(path, '{"half":');
    await writeAll({ path }, [anEvent()]);
    const [half, whole] = (await readFile(path, 'utf8')).split('\n');
    expect(half).toBe('{"half":');
    expect(JSON.parse(whole ?? '')).toMatchObject({ id: anEvent().id });
  });

  test('a percent sign in the folder stays as it is', async () => {
    await writeAll({ folder: join(folder, 'a%20b'), path: 'events.jsonl' }, [anEvent()]);
    expect(await readdir(folder)).toEqual(['a%20b']);
  });

  test('a disk that comes back is written to again, and the error named the file', async () => {
    const path = join(folder, 'deep', 'events.jsonl');
    await writeFile(join(folder, 'deep'), '');
    const sink = fileSink({ path });
    await expect(sink.write({ event: anEvent() })).rejects.toMatchObject({
      code: 'SINK_OFFLINE', // so that it is tried again
      message: expect.stringContaining(path),
    });
    await rm(join(folder, 'deep'));
    await sink.write({ event: anEvent() });
    await sink.close();
    expect(await linesOf(path)).toHaveLength(1);
  });

  test.each([
    { name: 'removed, for its room', act: (path: string) => rm(path) },
    { name: 'moved away, as logrotate does', act: (path: string) => rename(path, `${path}.1`) },
    { name: 'emptied', act: (path: string) => writeFile(path, '') },
  ])('a file that is $name takes no later event along', async ({ act }) => {
    const path = join(folder, 'events.jsonl');
    const sink = fileSink({ path });
    await sink.write({ event: anEvent({ seq: 0 }) });
    await act(path);
    await sink.write({ event: anEvent({ seq: 1 }) });
    await sink.close();
    expect((await linesOf(path)).map(({ seq }) => seq)).toEqual([1]);
  });

  test('writes at once keep their order and their lines', async () => {
    const path = join(folder, 'events.jsonl');
    const sink = fileSink({ path });
    const seqs = Array.from({ length: 50 }, (_, seq) => seq);
    await Promise.all(seqs.map((seq) => sink.write({ event: anEvent({ seq }) })));
    await sink.close();
    expect((await linesOf(path)).map(({ seq }) => seq)).toEqual(seqs);
  });
});

test.for([
  { sync: true, when: 'before the event counts as written' },
  { sync: false, when: 'not at all unless that is asked for' },
])('what is written is synced to disk $when', async ({ sync }, context) => {
  const strace = installed('strace') ?? skipFor(context, 'strace is not installed');
  const delivery = JSON.stringify({ event: anEvent({ image: { ...anImage(), ref: 'drive/a.jpg' } }) });
  const program = `
    import { fileSink } from ${JSON.stringify(new URL('../../src/sinks/file.ts', import.meta.url).href)};
    const sink = fileSink({ folder: ${JSON.stringify(folder)}, path: 'events.jsonl', images: true, sync: ${sync} });
    await sink.write({ ...${delivery}, image: Buffer.from('jpeg') });
    process.kill(process.pid, 'SIGKILL');
  `;
  const trace = join(folder, 'trace');
  const calls = ['-f', '-e', 'trace=fsync,fdatasync', '-o', trace];
  const args = [...calls, process.execPath, '--input-type=module', '-e', program];
  await promisify(execFile)(strace, args).catch(() => {}); // it kills itself
  const synced = (await readFile(trace, 'utf8')).match(/f(?:data)?sync\(/g) ?? [];
  expect(synced).toHaveLength(sync ? 4 : 0); // picture, line, and the folder of each
});

describe('pictures', () => {
  const image = Buffer.from('jpeg');
  const named = (ref: string) =>
    anEvent({
      image: {
        ref,
        sha256: 'ab'.repeat(32),
        time: anEvent().time,
        source: 'detect',
        offset_ms: 0,
        box: [0, 0, 1, 1],
      },
    });

  test('lie beside the file under the name that the event gives', async () => {
    const sink = fileSink({ folder, path: 'events/%Y/%m.jsonl', images: true });
    await sink.write({ event: named('drive/a-0.jpg'), image });
    await sink.close();
    expect(await readFile(join(folder, 'events/images/drive/a-0.jpg'))).toEqual(image);
  });

  test('are left out unless asked for', async () => {
    const sink = fileSink({ folder, path: 'events.jsonl' });
    await sink.write({ event: named('drive/a-0.jpg'), image });
    await sink.close();
    expect(await readdir(folder)).toEqual(['events.jsonl']);
  });

  test.each(['../out.jpg', '/tmp/falconet-out.jpg', 'drive/../../out.jpg', '.', ''])(
    'cannot be written outside their folder: %j',
    async (ref) => {
      const sink = fileSink({ folder, path: 'events.jsonl', images: true });
      await expect(sink.write({ event: named(ref), image })).rejects.toMatchObject({ code: 'SINK_WRITE' });
      await sink.close();
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

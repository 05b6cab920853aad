import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { type FileSinkOptions, fileSink } from '../../src/sinks/file.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const DAY_MS = 86_400_000;
const NOW = new Date(2026, 10, 24, 12).getTime();
const clock = { now: () => NOW };
const at = (day: number) => new Date(2026, 10, day, 10).toISOString();
const WITHIN = { timeout: 20_000, interval: 20 };

/** Names and seqs of all files of events, compressed or not. */
function kept(folder: string): Record<string, number[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.json'),
  );
  return Object.fromEntries(names.sort().map((name) => [name, seqsOf(join(folder, name))]));
}

function seqsOf(path: string): number[] {
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
}

function open(folder: string, options: Partial<FileSinkOptions> = {}) {
  return fileSink({ folder, path: '%Y-%m-%d.jsonl', clock, ...options });
}

/** A file of an earlier day, last written then. */
function leave(folder: string, name: string, day: number, text = '{"seq":100}\n') {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, new Date(at(day)), new Date(at(day)));
}

describe('a file that is full', () => {
  test('is given a number, and no line is lost or cut', async () => {
    const folder = tempFolder();
    const sink = open(folder, { path: 'events.jsonl', maxFileBytes: 3_000 });
    for (let seq = 0; seq < 10; seq++) await sink.write({ event: anEvent({ seq }) });
    await sink.close();
    const files = kept(folder);
    expect(
      Object.values(files)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Object.keys(files).length).toBeGreaterThan(2);
    expect(files['events.1.jsonl']?.[0]).toBe(0);
    expect(files['events.jsonl']?.at(-1)).toBe(9);
    for (const name of Object.keys(files))
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(3_000);
  });

  test('keeps counting after a restart', async () => {
    const folder = tempFolder();
    for (let seq = 0; seq < 6; seq++) {
      const sink = open(folder, { path: 'events.jsonl', maxFileBytes: 1 });
      await sink.write({ event: anEvent({ seq }) });
      await sink.close();
    }
    expect(kept(folder)).toEqual({
      'events.1.jsonl': [0],
      'events.2.jsonl': [1],
      'events.3.jsonl': [2],
      'events.4.jsonl': [3],
      'events.5.jsonl': [4],
      'events.jsonl': [5],
    });
  });

  test('a head of CSV stands in each file', async () => {
    const folder = tempFolder();
    const sink = open(folder, { path: 'events.csv', format: 'csv', maxFileBytes: 1 });
    for (let seq = 0; seq < 3; seq++) await sink.write({ event: anEvent({ seq }) });
    await sink.close();
    for (const name of ['events.csv', 'events.1.csv', 'events.2.csv']) {
      const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
      expect([name, lines.length, lines[0]?.slice(0, 10)]).toEqual([name, 2, 'time,type,']);
    }
  });
});

describe('files that are written no more', () => {
  test('are compressed, with their age, and stay readable', async () => {
    const folder = tempFolder();
    leave(folder, '2026-11-20.jsonl', 20);
    leave(folder, '2026-11-21.1.jsonl', 21);
    writeFileSync(join(folder, 'notes.jsonl'), '{"seq":7}\n');
    const sink = open(folder, { gzip: true });
    await sink.write({ event: anEvent({ time: at(24), seq: 1 }) });
    await vi.waitFor(
      () =>
        expect(kept(folder)).toEqual({
          '2026-11-20.jsonl.gz': [100],
          '2026-11-21.1.jsonl.gz': [100],
          '2026-11-24.jsonl': [1],
          'notes.jsonl': [7],
        }),
      WITHIN,
    );
    await sink.close();
    expect(statSync(join(folder, '2026-11-20.jsonl.gz')).mtime).toEqual(new Date(at(20)));
  });

  test('an event that comes late finds its day compressed, and loses nothing', async () => {
    const folder = tempFolder();
    leave(folder, '2026-11-23.jsonl', 23);
    for (const seq of [1, 2]) {
      const sink = open(folder, { gzip: true });
      await sink.write({ event: anEvent({ time: at(23), seq }) });
      await sink.write({ event: anEvent({ time: at(24), seq }) });
      await vi.waitFor(
        () => expect(readdirSync(folder).filter((name) => /23.*gz$/.test(name))).toHaveLength(seq),
        WITHIN,
      );
      await sink.close();
    }
    const all = Object.entries(kept(folder)).filter(([name]) => name.includes('-23'));
    expect(all.flatMap(([, seqs]) => seqs).sort((a, b) => a - b)).toEqual([1, 2, 100]);
    expect(kept(folder)['2026-11-24.jsonl']).toEqual([1, 2]);
  });

  test('what a crash left half compressed is compressed anew', async () => {
    const folder = tempFolder();
    leave(folder, '2026-11-20.jsonl~', 20);
    leave(folder, '2026-11-20.jsonl.part', 20, 'half');
    const sink = open(folder, { gzip: true });
    await sink.write({ event: anEvent({ time: at(24) }) });
    await vi.waitFor(
      () => expect(readdirSync(folder).sort()).toEqual(['2026-11-20.jsonl.gz', '2026-11-24.jsonl']),
      WITHIN,
    );
    await sink.close();
    expect(seqsOf(join(folder, '2026-11-20.jsonl.gz'))).toEqual([100]);
  });

  test('go after so many days, their pictures too, and nothing else goes', async () => {
    const folder = tempFolder();
    leave(folder, '2026/10.jsonl', 1);
    leave(folder, '2026/11.jsonl', 24);
    leave(folder, '2026/notes.txt', 1);
    const picture = (day: number) => `drive/drive-202611${day}T082254.123Z-7-0.jpg`;
    leave(folder, `images/${picture(10)}`, 10);
    leave(folder, `images/${picture(23)}`, 23);
    leave(folder, 'images/holiday/beach.jpg', 1);
    leave(folder, 'other/2026/10.jsonl', 1);
    const sink = open(folder, { path: '%Y/%m.jsonl', maxAgeMs: 7 * DAY_MS, images: true });
    const image = { ...anImage(), ref: picture(24) };
    await sink.write({ event: anEvent({ time: at(24), image }), image: Buffer.from('jpeg') });
    const files = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.\w+$/.test(name))
        .sort();
    await vi.waitFor(
      () =>
        expect(files()).toEqual([
          '2026/11.jsonl',
          '2026/notes.txt',
          `images/${picture(23)}`,
          `images/${picture(24)}`,
          'images/holiday/beach.jpg',
          'other/2026/10.jsonl',
        ]),
      WITHIN,
    );
    await sink.close();
  });

  test('that bring no pictures leave those of another sink in the same folder', async () => {
    const folder = tempFolder();
    const picture = 'images/drive/drive-20261110T082254.123Z-7-0.jpg';
    leave(folder, picture, 10);
    leave(folder, '2026-11-10.csv', 10);
    const sink = open(folder, { path: '%Y-%m-%d.csv', format: 'csv', maxAgeMs: 7 * DAY_MS });
    await sink.write({ event: anEvent({ time: at(24) }) });
    const files = () => readdirSync(folder, { recursive: true, encoding: 'utf8' });
    await vi.waitFor(() => expect(files()).not.toContain('2026-11-10.csv'), WITHIN);
    await sink.close();
    expect(files()).toContain(picture);
  });

  test('the oldest go when all are too large, never the one that is written', async () => {
    const folder = tempFolder();
    for (const day of [20, 21, 22]) leave(folder, `2026-11-${day}.jsonl`, day, 'x'.repeat(1_000));
    const sink = open(folder, { maxBytes: 3_500 });
    await sink.write({ event: anEvent({ time: at(24) }) });
    await vi.waitFor(
      () =>
        expect(readdirSync(folder).sort()).toEqual([
          '2026-11-21.jsonl',
          '2026-11-22.jsonl',
          '2026-11-24.jsonl',
        ]),
      WITHIN,
    );
    await sink.close();
    const tight = open(folder, { maxBytes: 1 });
    await tight.write({ event: anEvent({ time: at(24), seq: 1 }) });
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['2026-11-24.jsonl']), WITHIN);
    await tight.close();
  });
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fileSink } from '../../src/sinks/file.ts';
import { queued } from '../../src/sinks/queue.ts';
import { anEvent, anImage, eventsIn } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { type SmallDisk, smallDisk } from '../helpers/small-disk.ts';

const NO_DISK = 'mounting a small disk needs root on Linux';

/** Removed when the test ends. */
function aDisk(): SmallDisk | undefined {
  const disk = smallDisk();
  if (disk !== undefined) onTestFinished(() => disk.remove());
  return disk;
}

function recorder() {
  const lines: [facts: Record<string, unknown>, sentence: string][] = [];
  const write = (facts: Record<string, unknown>, sentence: string) => void lines.push([facts, sentence]);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

test('a disk that fills up is told once, and loses no event: what comes waits, whole lines in order', async (context) => {
  const { folder, fill } = aDisk() ?? skipFor(context, NO_DISK);
  const { lines, log } = recorder();
  const file = join(folder, 'events.jsonl');
  const queue = queued(fileSink({ folder, path: 'events.jsonl', log }), { log });
  const push = (from: number, count: number) => {
    for (let seq = from; seq < from + count; seq++) queue.push({ event: anEvent({ seq }) });
  };

  push(0, 5);
  await queue.drain();
  const makeRoom = fill();
  push(5, 10);
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 });
  expect(lines[0]).toEqual([
    expect.objectContaining({ path: file, why: expect.stringContaining('ENOSPC') }),
    'file: cannot be written',
  ]);
  makeRoom();
  await queue.drain();
  expect(lines.slice(1)).toEqual([[{ path: file }, 'file: written again']]);
  await queue.close();
  const text = readFileSync(file, 'utf8');
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([...Array(15).keys()]);
  expect([queue.failed, queue.dropped]).toEqual([0, 0]);
});

test('a picture that has no room leaves no half of it behind, and is there with its event once there is', async (context) => {
  const { folder, fill } = aDisk() ?? skipFor(context, NO_DISK);
  const { lines, log } = recorder();
  const queue = queued(fileSink({ folder, path: 'events.jsonl', images: true, log }), { log });
  const image = anImage();
  const makeRoom = fill();
  queue.push({ event: anEvent({ image }), image: new Uint8Array(20_000) });
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 });
  expect(existsSync(join(folder, 'images', image.ref))).toBe(false);
  makeRoom();
  await queue.drain();
  await queue.close();
  expect(statSync(join(folder, 'images', image.ref)).size).toBe(20_000);
  expect(eventsIn(join(folder, 'events.jsonl'))).toMatchObject([{ image }]);
});

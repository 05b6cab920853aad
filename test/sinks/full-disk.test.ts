import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

test('a disk that fills up costs what it had no room for, told and counted; what comes later is written', async (context) => {
  const { folder, fill } = aDisk() ?? skipFor(context, NO_DISK);
  const { lines, log } = recorder();
  const file = join(folder, 'events.jsonl');
  const queue = queued(fileSink({ folder, path: 'events.jsonl' }), { log });
  const push = async (from: number, count: number) => {
    for (let seq = from; seq < from + count; seq++) void queue.push({ event: anEvent({ seq }) });
    await queue.drain();
  };

  await push(0, 10);
  expect(queue.failed).toBe(0);
  const makeRoom = fill();
  await push(10, 100);
  expect(queue.failed).toBeGreaterThan(90); // a part of a block may have been left
  expect(lines[0]).toEqual([
    expect.objectContaining({
      sink: 'file',
      code: 'SINK_WRITE',
      message: expect.stringMatching(/ENOSPC.*events\.jsonl|events\.jsonl.*ENOSPC/),
    }),
    'file: deliveries could not be written',
  ]);
  expect(lines).toHaveLength(1); // the rest is told a second later, or on close

  makeRoom();
  const lost = queue.failed;
  await push(110, 10);
  expect(queue.failed).toBe(lost);
  await queue.close();
  expect(lines.at(-1)?.[0]).toMatchObject({ total: lost });

  const seqs = eventsIn(file).map(({ seq }) => seq);
  expect(seqs.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(seqs.slice(-10)).toEqual([110, 111, 112, 113, 114, 115, 116, 117, 118, 119]);
  expect(seqs).toHaveLength(120 - lost);
});

test('a picture that had no room leaves no half of it behind, and its event is written without it', async (context) => {
  const { folder } = aDisk() ?? skipFor(context, NO_DISK);
  const { log } = recorder();
  const queue = queued(fileSink({ folder, path: 'events.jsonl', images: true }), { log });
  const image = anImage();
  void queue.push({
    event: anEvent({ image }),
    image: new Uint8Array(100_000),
  });
  await queue.drain();
  expect(queue.failed).toBe(1);
  expect(existsSync(join(folder, 'images', image.ref))).toBe(false);
  void queue.push({ event: anEvent({ seq: 1 }) });
  await queue.close();
  expect(queue.failed).toBe(1);
  expect(eventsIn(join(folder, 'events.jsonl')).map(({ seq, image }) => [seq, image])).toEqual([
    [0, null],
    [1, null],
  ]);
});

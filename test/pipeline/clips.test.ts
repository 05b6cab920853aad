import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Segment } from '../../src/core/segment.ts';
import { createRing } from '../../src/media/ring.ts';
import { type Clips, type ClipsOptions, createClips } from '../../src/pipeline/clips.ts';
import { anEvent } from '../helpers/events.ts';

const START = Date.UTC(2026, 10, 24, 8);
const iso = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

let written: string[];
let done: number[];
let warned: string[];
let ring: ReturnType<typeof createRing>;
beforeEach(() => {
  vi.useFakeTimers({ now: START });
  onTestFinished(() => void vi.useRealTimers());
  [written, done, warned] = [[], [], []];
  ring = createRing({ folder: '/nowhere', keepMs: 1e9, keepBytes: 1e9 });
});

function open(options: Partial<ClipsOptions> = {}): Clips {
  return createClips({
    camera: 'drive',
    folder: '/clips',
    ring,
    unmasked: false,
    beforeMs: 5_000,
    afterMs: 5_000,
    longestMs: 60_000,
    write: async (segments, path) => {
      const seconds = segments.map(({ start }) => (start - START) / 1_000);
      written.push(`${path} ${seconds[0]} to ${(seconds.at(-1) ?? 0) + 2}`);
    },
    clock: { now: () => Date.now() },
    log: { ...silentLog, warn: (_, sentence) => void warned.push(sentence) },
    onDone: (track) => void done.push(track),
    ...options,
  });
}

/** Time goes on, with a segment every 2 s. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 2) {
    await vi.advanceTimersByTimeAsync(2_000);
    const end = Date.now();
    ring.add({ path: `/ring/${end}`, start: end - 2_000, end, bytes: 1 });
    await vi.advanceTimersByTimeAsync(0);
  }
}

const seen = (type: FalconetEvent['type'], at: number, changes: Partial<FalconetEvent> = {}) =>
  anEvent({ id: 'a', type, start: iso(10), time: iso(at), end: type === 'end' ? iso(at) : null, ...changes });

test('a clip is named at once, written when the seconds after the event are there, and told of while the event goes on', async () => {
  const clips = open();
  await pass(12);
  const named = { ref: 'drive/a.mp4', start: iso(5), end: null, unmasked: false };
  expect(clips.of(seen('new', 11))).toEqual(named);
  await pass(8);
  expect(clips.of(seen('update', 20))).toEqual(named);
  expect(clips.of(seen('end', 21))).toEqual(named);
  await pass(4);
  expect(written).toEqual([]);
  await pass(2);
  expect(written).toEqual(['/clips/drive/a.mp4 4 to 26']);
  expect(done).toEqual([7]);
});

test('of an event without end the beginning is written, and what is said of it later names its true times', async () => {
  const clips = open({ longestMs: 20_000 });
  await pass(12);
  clips.of(seen('new', 11));
  await pass(14);
  expect(written).toEqual(['/clips/drive/a.mp4 4 to 26']);
  const whole = { ref: 'drive/a.mp4', start: iso(4), end: iso(26), unmasked: false };
  expect(clips.of(seen('update', 26))).toEqual(whole);
  expect(clips.of(seen('end', 30))).toEqual(whole);
  await pass(20);
  expect(written).toHaveLength(1);
});

test.each([
  { name: '70 s, so that its clip would end before it', new: 80, clip: [46, 108] },
  { name: '200 s, so that the ring has forgotten when it came', new: 210, clip: [176, 238] },
])('what was in view for $name, has a clip of when it became an event', async (row) => {
  ring = createRing({ folder: '/nowhere', keepMs: 100_000, keepBytes: 1e9 });
  const clips = open();
  await pass(row.new);
  expect(clips.of(seen('new', row.new))?.ref).toBe('drive/a.mp4');
  expect(written).toEqual([]);
  await pass(40);
  const [from = 0, to = 0] = row.clip;
  expect(written).toEqual([`/clips/drive/a.mp4 ${from} to ${to}`]);
  expect([from < row.new - 5, row.new + 5 < to]).toEqual([true, true]);
  expect(clips.of(seen('end', row.new + 40))?.ref).toBe('drive/a.mp4');
  expect(warned).toEqual([]);
});

test('an object that was in view for long and goes at once has a clip of that, with the seconds after it', async () => {
  const clips = open();
  await pass(80);
  clips.of(seen('new', 80));
  clips.of(seen('end', 80));
  await pass(8);
  expect(written).toEqual(['/clips/drive/a.mp4 46 to 86']);
});

test('a clip that is to begin earlier than it may be long has the moment of its event all the same', async () => {
  const clips = open({ beforeMs: 120_000 });
  await pass(132);
  clips.of(seen('new', 131, { start: iso(130) }));
  await pass(2);
  expect(written).toEqual(['/clips/drive/a.mp4 70 to 132']);
});

test('a disk that is full costs the clip, is said, and the next events promise none until one was written', async () => {
  let isFull = true;
  const write = async () => {
    if (isFull) throw new Error('No space left on device');
    written.push('written');
  };
  const clips = open({ write, longestMs: 10_000 });
  await pass(12);
  expect(clips.of(seen('new', 11))).not.toBeNull();
  await pass(6);
  expect(warned).toEqual(['an event has no clip']);
  expect(clips.of(seen('update', 18))).toBeNull();
  expect(clips.of(seen('end', 18))).toBeNull();
  expect(clips.of(seen('new', 18, { id: 'b', start: iso(18) }))).toBeNull();
  isFull = false;
  await pass(8);
  expect(clips.of(seen('end', 26, { id: 'b' }))).toMatchObject({ ref: 'drive/b.mp4', end: iso(24) });
  expect(clips.of(seen('new', 26, { id: 'c', start: iso(26) }))).toMatchObject({ ref: 'drive/c.mp4' });
});

/** Writes a clip for 40 s, and notes what of its video is there until then. */
async function writeSlowly(segments: readonly Segment[], path: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 40_000));
  const left = ring.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const seconds = segments.filter((segment) => left.includes(segment)).map(({ start }) => start - START);
  written.push(`${path} ${(seconds[0] ?? 0) / 1_000} to ${(seconds.at(-1) ?? 0) / 1_000 + 2}`);
}

test('clips that wait for one another are whole, and then the ring is no longer than before', async () => {
  ring = createRing({ folder: '/nowhere', keepMs: 100_000, keepBytes: 1e9 });
  const clips = open({ write: writeSlowly });
  await pass(12);
  for (const id of ['a', 'b', 'c']) clips.of(seen('new', 11, { id }));
  for (const id of ['a', 'b', 'c']) clips.of(seen('end', 20, { id }));
  await pass(140);
  expect(written).toEqual(['a', 'b', 'c'].map((id) => `/clips/drive/${id}.mp4 4 to 26`));
  expect(warned).toEqual([]);
  expect(ring.between(0, Date.now())).toHaveLength(51);
});

test('clips for which ring_mb is too small are cut, as it is never exceeded; it is said once', async () => {
  ring = createRing({ folder: '/nowhere', keepMs: 100_000, keepBytes: 40 });
  const clips = open({ write: writeSlowly });
  await pass(12);
  for (const id of ['a', 'b', 'c']) clips.of(seen('new', 11, { id }));
  for (const id of ['a', 'b', 'c']) clips.of(seen('end', 20, { id }));
  await pass(140);
  expect(written[0]).toBe('/clips/drive/a.mp4 4 to 26');
  expect(warned.filter((sentence) => sentence.startsWith('ring_mb is too small'))).toHaveLength(1);
  expect(ring.between(0, Date.now())).toHaveLength(40);
});

test('a camera whose recording fails promises no clip', async () => {
  const clips = open();
  expect(clips.of(seen('new', 1))).not.toBeNull(); // it has only just begun
  await vi.advanceTimersByTimeAsync(31_000);
  expect(clips.of(seen('new', 31, { id: 'b' }))).toBeNull();
  expect(clips.of(seen('end', 40, { id: 'b' }))).toBeNull();
});

test('a stop writes the clips of what has just ended, with what is recorded by then', async () => {
  const clips = open();
  await pass(12);
  clips.of(seen('new', 11));
  clips.of(seen('end', 12));
  const flushed = clips.flush(2_000);
  await vi.advanceTimersByTimeAsync(0);
  await flushed;
  expect(written).toEqual(['/clips/drive/a.mp4 4 to 12']);
});

test('a clip that is never done holds a stop up no longer than allowed', async () => {
  const clips = open({ write: () => new Promise(() => {}) });
  await pass(12);
  clips.of(seen('new', 11));
  clips.of(seen('end', 12));
  const flushed = clips.flush(2_000);
  await vi.advanceTimersByTimeAsync(2_000);
  await flushed;
});

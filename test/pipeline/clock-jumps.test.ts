import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { monotonic } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Look } from '../../src/core/look.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { cameraLane } from '../../src/pipeline/lane.ts';
import { fileSink } from '../../src/sinks/file.ts';
import { queued } from '../../src/sinks/queue.ts';
import { frameMeter } from '../../src/streams/meter.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const HOUR_MS = 3_600_000;
const START = new Date(2026, 10, 24, 8, 30).getTime();
const FRAME_MS = 200;
const LOOK: Look = { why: 'always', squares: [{ x: 0, y: 0, width: 32, height: 32 }] };
const PERSON = { label: 'person', score: 0.9, box: [0.4, 0.4, 0.1, 0.3] } as const;

/**
 * A person is in sight for 20 frames, then gone for 40; before some frames the system's clock jumps. The events, in the
 * order of the lines, by the file that they are in.
 *
 * @param jumps - ms, by the number of the frame.
 */
async function eventsAround(jumps: Readonly<Record<number, number>>): Promise<Map<string, FalconetEvent[]>> {
  let wall = START;
  let steady = 0;
  const clock = monotonic({ now: () => wall }, () => steady);
  const folder = tempFolder();
  const queue = queued(fileSink({ folder, path: '%Y-%m-%d-%H.jsonl', clock }), { log: silentLog, clock });
  const lane = cameraLane({
    camera: 'drive',
    gateway: 'home',
    run: 'k3f9',
    detector: {
      model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
      engine: { name: 'none', version: '0' },
    },
    sinks: [queue],
    meter: frameMeter({ camera: 'drive', log: silentLog, clock }),
    clock,
    log: silentLog,
  });
  for (let seq = 0; seq < 60; seq++) {
    wall += FRAME_MS + (jumps[seq] ?? 0);
    steady += FRAME_MS;
    const frame = pictureOf(seq, clock.now());
    lane.accept(frame);
    await lane.look(frame, { detections: seq < 20 ? [PERSON] : [], look: LOOK, detectMs: 10 });
    await queue.drain();
  }
  await lane.close();
  await queue.close();
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, linesOf(join(folder, name))]),
  );
}

function pictureOf(seq: number, wallTime: number): Frame {
  const data = new Uint8Array(32 * 32 * 3);
  return {
    camera: 'drive',
    seq,
    pts: seq * FRAME_MS,
    wallTime,
    width: 32,
    height: 32,
    format: 'rgb24',
    data,
    release() {},
  };
}

function linesOf(file: string): FalconetEvent[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test.each([
  { name: 'back, while someone is in sight', jumps: { 10: -HOUR_MS }, files: ['2026-11-24-08.jsonl'] },
  { name: 'back, while nobody is', jumps: { 25: -HOUR_MS }, files: ['2026-11-24-08.jsonl'] },
  {
    name: 'forward, while someone is in sight',
    jumps: { 10: HOUR_MS },
    files: ['2026-11-24-08.jsonl', '2026-11-24-09.jsonl'],
  },
  {
    name: 'back and forth, again and again',
    jumps: { 5: -HOUR_MS, 8: HOUR_MS, 12: -HOUR_MS, 13: HOUR_MS, 22: HOUR_MS, 24: -HOUR_MS },
    files: ['2026-11-24-08.jsonl', '2026-11-24-09.jsonl'],
  },
])(
  'an hour $name: lives are whole, in order, in the right files, and never early',
  async ({ jumps, files }) => {
    const byFile = await eventsAround(jumps);
    expect([...byFile.keys()]).toEqual(files);
    const events = [...byFile.values()].flat();
    expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, index) => index));
    expect(events.filter(({ type }) => type === 'end').length).toBe(
      events.filter(({ type }) => type === 'new').length,
    );
    for (const { latency_ms, late_s, start, end, time } of events) {
      expect(latency_ms).toBeGreaterThanOrEqual(0);
      expect(latency_ms).toBeLessThan(1000);
      expect(late_s).toBeGreaterThanOrEqual(0);
      expect(late_s).toBeLessThan(1);
      expect(Date.parse(start)).toBeLessThanOrEqual(Date.parse(end ?? time));
    }
    const times = events.map(({ time }) => Date.parse(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  },
);

test('an hour back does not hold up the end of what is out of sight', async () => {
  const events = [...(await eventsAround({ 10: -HOUR_MS })).values()].flat();
  const { type, reason, start, time } = events.at(-1) ?? expect.fail('no event');
  expect([type, reason]).toEqual(['end', ['lost']]);
  expect(Date.parse(time) - Date.parse(start)).toBeLessThan(60 * FRAME_MS);
});

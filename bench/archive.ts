/**
 * The event store: 10,000 lives written one after the other and by the batch, then searched while the event loop of
 * this process is watched. `node bench/archive.ts [--events 10000] [--rounds 30]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { showSummary, summarise } from '../src/cli/bench/summary.ts';
import type { EventQuery } from '../src/core/event-archive.ts';
import { silentLog } from '../src/core/log.ts';
import { archiveSink } from '../src/sinks/archive/archive-sink.ts';
import { openEventArchive } from '../src/sinks/archive/event-archive.ts';
import { anEvent } from '../test/helpers/events.ts';
import { seeded } from '../test/tracker/scenes/random.ts';
import { loopDelay } from './lib/loop-meter.ts';
import { verdict } from './lib/verdict.ts';

const TARGET_MS = 50;
const TARGET_LOOP_MS = 20;
const CAMERAS = ['drive', 'yard', 'gate', 'shed'];
const LABELS = ['person', 'car', 'dog', 'bicycle', 'cat'];
const ZONES = ['path', 'door', 'bays'];
const BEGAN = Date.parse('2026-11-01T00:00:00.000Z');
const EVERY_MS = 4 * 60_000;

const { values } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '30' } },
});
const count = Number(values.events);
const rounds = Number(values.rounds);
const random = seeded(1);
const one = <T>(list: readonly T[]): T => list[Math.floor(random.between(0, list.length))] as T;

const events = Array.from({ length: count }, (_, i) => {
  const start = BEGAN + i * EVERY_MS;
  const end = new Date(start + random.between(2_000, 600_000)).toISOString();
  return anEvent({
    id: `drive-${start}-${i}`,
    seq: 1,
    type: 'end',
    camera: one(CAMERAS),
    label: one(LABELS),
    start: new Date(start).toISOString(),
    time: end,
    end,
    zones: { current: [], entered: ZONES.filter(() => random.between(0, 1) < 0.2), dwell_s: {} },
  });
});
const middle = BEGAN + (count / 2) * EVERY_MS;
const queries: Record<string, EventQuery> = {
  'the latest 100': {},
  'camera, label, zone': { camera: 'drive', label: 'person', zone: 'path' },
  'camera, label': { camera: 'drive', label: 'cat' },
  'a zone': { zone: 'door' },
  'the last day': { since: BEGAN + count * EVERY_MS - 86_400_000 },
  'a day long ago': { since: middle, until: middle + 86_400_000 },
  'a zone that is none': { label: 'cat', zone: 'none' },
  'still seen after all of them': { since: BEGAN + (count + 10) * EVERY_MS },
  '1,000 at once': { limit: 1_000 },
};

const folder = mkdtempSync(join(tmpdir(), 'falconet-bench-'));
const limits = { maxAgeMs: Number.MAX_SAFE_INTEGER, maxBytes: 1e12, reserveBytes: 0 };
const sink = archiveSink({ folder, limits, log: silentLog });
const archive = openEventArchive(folder);
try {
  console.log(`${count} lives, ${rounds} rounds`);
  const single = events.slice(0, Math.min(200, count / 2));
  console.log(`one by one      ${(await rate(single, 1)).toFixed(0)} events/s`);
  console.log(`64 under way    ${(await rate(events.slice(single.length), 64)).toFixed(0)} events/s`);
  const started = performance.now();
  await archive.find({ limit: 1 });
  console.log(`first search, with its thread's start: ${(performance.now() - started).toFixed(0)} ms`);
  const idle = await loopDelay(2_000);
  const delay = loopDelay(2_000);
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < rounds; i++) {
      const began = performance.now();
      found = (await archive.find(query)).length;
      times.push(performance.now() - began);
    }
    const summary = summarise(times);
    const figures = `${showSummary(summary, 1)} ms, longest ${Math.max(...times).toFixed(1)} ms`;
    console.log(
      `${name.padEnd(38)} ${String(found).padStart(5)} found  ${figures}, ${verdict(summary, { atMost: TARGET_MS }, ' ms')}`,
    );
  }
  const searching = await delay;
  const more = Math.max(0, searching - idle);
  console.log(
    `event loop's delay, p99: ${searching.toFixed(1)} ms while it searches, ${idle.toFixed(1)} ms idle, ${verdict(more, { atMost: TARGET_LOOP_MS }, ' ms')}`,
  );
} finally {
  await sink.close();
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Events a second, so many of them handed over before the first is kept. */
async function rate(some: typeof events, underWay: number): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < some.length; i += underWay) {
    await Promise.all(some.slice(i, i + underWay).map((event) => sink.write({ event })));
  }
  return (some.length * 1_000) / (performance.now() - began);
}

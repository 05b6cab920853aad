import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { openStoreFile } from '../../src/sinks/store/file.ts';
import { type RecordedMessage, startBroker, type TestBroker } from '../helpers/broker.ts';
import { eventsIn } from '../helpers/events.ts';
import { type Running, startFalconet } from '../helpers/falconet.ts';
import { expectWholeLives } from '../helpers/lives.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { type Random, seeded } from '../tracker/scenes/random.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
/** `npm run kills` has fifty, and writes what it saw into the page that is named here. */
const KILLS = Number(process.env['FALCONET_OUTBOX_KILLS'] ?? 5);
const page = process.env['FALCONET_OUTBOX_PAGE'];
const [load = 0] = loadavg();
const ROUND_MS = 40_000;
const MOST_LIFE_MS = 4_000;
const MOST_OUTAGE_MS = 3_000;
const WITHIN = { timeout: ROUND_MS, interval: 50 };
const CAMERAS = ['drive', 'yard', 'door'];

/** Goes and comes back, again and again, until it is told to stay. */
function fickle(broker: TestBroker, random: Random): () => Promise<number> {
  let isOver = false;
  let outages = 0;
  const going = (async () => {
    while (!isOver) {
      await wait(random.between(500, MOST_OUTAGE_MS));
      broker.refuse(true);
      outages++;
      await wait(random.between(0, MOST_OUTAGE_MS));
      broker.refuse(false);
    }
  })();
  return async () => {
    isOver = true;
    await going;
    return outages;
  };
}

/** What a process that was killed has left on disk: how far each camera of its run had counted, and what waited. */
function leftBehind(path: string, folder: string) {
  const copy = join(folder, 'copy.db');
  for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
  const file = openStoreFile(copy);
  const entries = file.entries();
  file.close();
  const counts = entries.filter(({ kind }) => kind === 'stream');
  const waiting = entries.filter(({ kind, key }) => kind === 'outbox' && key.startsWith('mqtt '));
  return {
    committed: counts.map(({ key: camera, value }) => ({ camera, ...(JSON.parse(value) as Count) })),
    waiting: waiting.length,
  };
}

interface Count {
  readonly run: string;
  readonly seq: number;
}

/** Without what came again; that has to be the very same, but for how late it is. */
function firstsOf(events: readonly FalconetEvent[]): FalconetEvent[] {
  const same = Map.groupBy(events, ({ id, seq }) => `${id} ${seq}`);
  for (const [first, ...repeats] of same.values()) {
    for (const repeat of repeats) expect({ ...repeat, late_s: 0 }).toEqual({ ...first, late_s: 0 });
  }
  return [...same.values()].flatMap(([first]) => first ?? []);
}

/** Each camera of each run by itself. */
function runsOf(events: readonly FalconetEvent[]): Map<string, FalconetEvent[]> {
  return Map.groupBy(events, ({ camera, run }) => `${camera} ${run}`);
}

/** How many events came first with another picture, or none, on the topic of their pictures. */
function wrongPictures(messages: readonly RecordedMessage[]): number {
  const newest = new Map<string, string>();
  const seen = new Set<string>();
  let wrong = 0;
  for (const { topic, payload } of messages) {
    if (topic.includes('/image/')) newest.set(topic, createHash('sha256').update(payload).digest('hex'));
    if (!topic.endsWith('/event')) continue;
    const { id, seq, camera, label, image } = eventSchema.parse(JSON.parse(payload.toString()));
    const isFirst = !seen.has(`${id} ${seq}`);
    seen.add(`${id} ${seq}`);
    const shown = newest.get(`falconet/camera/${camera}/image/${label}`);
    if (isFirst && image !== null && image.sha256 !== shown) wrong++;
  }
  return wrong;
}

test(
  `a gateway that is killed ${KILLS} times, while its broker goes and comes: every event that was on disk arrives, in order, with its picture`,
  async () => {
    const random = seeded(20_261_129);
    const broker = await startBroker();
    onTestFinished(() => broker.close());
    const folder = tempFolder();
    const config = join(folder, 'falconet.yaml');
    const cameras = CAMERAS.map(
      (name) => `  ${name}: { source: ${JSON.stringify(CLIP)}, loop: true, labels: { person: {} } }`,
    );
    const sinks = 'sinks: [{ type: mqtt }, { type: file, path: events.jsonl }]';
    const settings = [
      `mqtt: { url: "${broker.url}" }`,
      'model: { processes: 1 }',
      'cameras:',
      ...cameras,
      sinks,
    ];
    writeFileSync(config, settings.join('\n'));
    const lines = join(folder, 'events.jsonl');
    const written = () => (existsSync(lines) ? eventsIn(lines) : []);
    const store = join(folder, 'falconet-data', 'falconet.db');

    /** A gateway that has news of its own. */
    async function started(): Promise<Running> {
      const before = new Set(written().map(({ run }) => run));
      const gateway = startFalconet(['run', config]);
      const isNew = ({ type, run }: FalconetEvent) => type === 'new' && !before.has(run);
      await vi.waitFor(() => expect(written().some(isNew)).toBe(true), WITHIN);
      return gateway;
    }

    const stay = fickle(broker, random);
    const logs: string[] = [];
    const committed: (Count & { readonly camera: string })[] = [];
    let waited = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const gateway = await started();
      await wait(random.between(0, MOST_LIFE_MS));
      gateway.kill('SIGKILL');
      logs.push((await gateway.finished).stderr);
      const left = leftBehind(store, tempFolder());
      committed.push(...left.committed);
      waited += left.waiting;
    }
    const outages = await stay();
    const last = await started();
    last.kill('SIGTERM');
    const { exitCode, stderr } = await last.finished;
    expect(exitCode).toBe(0);
    expect([...logs, stderr].join('')).not.toContain('deliveries could not be written');
    expect(leftBehind(store, tempFolder()).waiting).toBe(0);

    const isEvent = ({ topic }: RecordedMessage) => topic.endsWith('/event');
    const all = broker.messages
      .filter(isEvent)
      .map(({ payload }) => eventSchema.parse(JSON.parse(payload.toString())));
    const events = firstsOf(all);
    const runs = runsOf(events);
    let lives = 0;
    for (const run of runs.values()) lives += expectWholeLives(run);
    for (const { camera, run, seq } of committed) {
      expect(runs.get(`${camera} ${run}`)?.length ?? 0).toBeGreaterThan(seq);
    }
    for (const run of runsOf(firstsOf(written())).values()) expectWholeLives(run);
    expect(wrongPictures(broker.messages)).toBe(0);
    expect(waited).toBeGreaterThan(0);
    if (page === undefined) return;
    writeReport(page, [
      `kills                      ${KILLS}, and a stop at the end`,
      `outages of the broker      ${outages}`,
      `events on disk             ${events.length}, of ${lives} lives in ${runs.size} runs of a camera`,
      `  ended by the next start  ${events.filter(({ reason }) => reason[0] === 'restart').length}`,
      `waited at a kill           ${waited}, sent by the next start`,
      `arrived                    ${events.length}, in order, each with its picture`,
      `  twice                    ${all.length - events.length}, with the same id and seq`,
      'lost                       0',
    ]);
  },
  (KILLS + 3) * ROUND_MS,
);

/** Puts what was seen, and where, in the place of the page's block of text. */
function writeReport(path: string, lines: readonly string[]): void {
  const file = join(packageRoot, path);
  const where = [
    new Date().toISOString().slice(0, 10),
    `${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load.toFixed(0)}`,
    `Node ${process.version}`,
  ];
  const text = ['```text', where.join('; '), ...lines, '```'].join('\n');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/```text\n[^`]*```/, text));
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { type RecordedMessage, startBroker } from '../helpers/broker.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
/** `npm run soak` kills thirty times; a seed that failed is worth a fixed round of its own. */
const ROUNDS = Number(process.env['FALCONET_KILLS'] ?? 3);
const ROUND_MS = 80_000;
const MOST_MS = 2_500;

/** Numbers in [0, 1) that are the same in each run (Steele and Vigna: SplitMix32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

function eventsOf(lines: readonly string[]): FalconetEvent[] {
  return lines.flatMap((line) => {
    try {
      return [eventSchema.parse(JSON.parse(line))];
    } catch {
      return []; // the kill cut it off
    }
  });
}

/** What is wrong with the lives that a reader saw, who takes a second message of one id and seq for a repeat. */
function faultsOf(events: readonly FalconetEvent[]): string[] {
  return [...Map.groupBy(events, ({ id }) => id)].flatMap(([id, life]) => {
    const messages = Map.groupBy(life, ({ seq }) => seq);
    const mixed = [...messages].filter(([, same]) => new Set(same.map(({ type }) => type)).size > 1);
    const ends = [...messages].filter(([, [first]]) => first?.type === 'end').map(([seq]) => seq);
    const isLast = ends[0] === Math.max(...messages.keys());
    return [
      ...mixed.map(([seq]) => `${id} has two meanings of seq ${seq}`),
      ...(ends.length === 1 ? [] : [`${id} has ${ends.length} ends`]),
      ...(ends.length === 1 && !isLast ? [`${id} goes on after its end`] : []),
    ];
  });
}

test(
  'a gateway that is killed at any moment leaves no event open: its successor ends each, once',
  async () => {
    const broker = await startBroker();
    onTestFinished(() => broker.close());
    const folder = tempFolder();
    const config = join(folder, 'falconet.yaml');
    const cameras = ['drive', 'yard', 'door'].map(
      (name) => `  ${name}: { source: ${JSON.stringify(CLIP)}, loop: true, labels: { person: {} } }`,
    );
    writeFileSync(
      config,
      `mqtt: { url: "${broker.url}" }
model: { processes: 1 }
cameras:
${cameras.join('\n')}
sinks: [{ type: mqtt }, { type: file, path: events.jsonl }]
log: { level: warn }
`,
    );
    const published = () => broker.messages.filter(({ topic }) => topic.endsWith('/event'));
    const random = randomFrom(20_261_124);

    /** A gateway that has sent a `new` of its own. */
    const started = async () => {
      const before = published().length;
      const gateway = startFalconet(['run', config]);
      const isNew = (message: RecordedMessage) =>
        published().indexOf(message) >= before && message.payload.includes('"type":"new"');
      await broker.waitFor(isNew, 60_000);
      return gateway;
    };
    for (let round = 0; round < ROUNDS; round++) {
      const gateway = await started();
      await wait(random() * MOST_MS);
      gateway.kill('SIGKILL');
      await gateway.finished;
    }
    const last = await started();
    last.kill('SIGTERM');
    expect((await last.finished).exitCode).toBe(0);

    const seen = eventsOf(published().map(({ payload }) => payload.toString()));
    const written = eventsOf(readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n'));
    const cutOff = seen.filter(({ reason }) => reason[0] === 'restart').length;
    if (process.env['FALCONET_KILLS'] !== undefined) {
      const lives = new Set(seen.map(({ id }) => id)).size;
      process.stdout.write(`${ROUNDS} kills: ${lives} lives, ${cutOff} of them ended by the next start\n`);
    }
    expect(cutOff).toBeGreaterThan(0);
    expect(faultsOf(seen)).toEqual([]);
    expect(faultsOf(written)).toEqual([]);
    const files = readdirSync(join(folder, 'falconet-data'));
    expect(files).toContain('falconet.db');
    expect(files.filter((name) => name.includes('.db-'))).toEqual([]); // its log is folded into it
  },
  (ROUNDS + 2) * ROUND_MS,
);

/**
 * What the outbox costs: events to a broker at QoS 1, each on disk before it is sent, beside a bare MQTT.js publisher
 * with the same messages, as many of them under way; then 500 events a second, some with pictures, and how late the
 * event loop is meanwhile. Broker and reader are processes of their own; the reader says whether anything was lost.
 * `node bench/outbox.ts [--events 5000] [--pairs 7] [--seconds 20] [--json]`; exit code 1 for a loss.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAsync, type IClientPublishOptions } from 'mqtt';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { type Summary, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { silentLog as log } from '../src/core/log.ts';
import type { FalconetEvent } from '../src/core/schema/event.ts';
import type { Delivery } from '../src/core/sink.ts';
import { handOver } from '../src/pipeline/hand-over.ts';
import { mqttSink } from '../src/sinks/mqtt.ts';
import { outboxesIn } from '../src/sinks/outbox.ts';
import { queued, type SinkQueue } from '../src/sinks/queue.ts';
import { journalIn } from '../src/sinks/store/journal.ts';
import { openStore } from '../src/sinks/store/store.ts';
import { anEvent, anImage } from '../test/helpers/events.ts';
import { type Arrived, startEventCounter } from './lib/count-events.ts';
import { loopDelay } from './lib/loop-meter.ts';
import { startBareBroker } from './lib/mosquitto.ts';
import { interleave } from './lib/pairs.ts';
import { verdict } from './lib/verdict.ts';

/** As the sink publishes events. */
const SAME: IClientPublishOptions = {
  qos: 1,
  properties: {
    contentType: 'application/json',
    payloadFormatIndicator: true,
    messageExpiryInterval: 86_400,
  },
};
const CAMERAS = 4;
const IN_FLIGHT = 64;
/** Deliveries that wait at most while as much as possible is sent. */
const AHEAD = 2_000;
const PER_SECOND = 500;
const TICK_MS = 10;
const PICTURE_BYTES = 20_000;
/** One event in so many has a picture. */
const PICTURE_EVERY = 10;
const TARGET_RATIO = 0.5;
const TARGET_LOOP_MS = 20;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '5000' },
    pairs: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.events);

/** Sends what it is given; `drain` settles once the broker has all of it. */
interface Publisher {
  readonly queue: Pick<SinkQueue, 'size' | 'dropped'>;
  push(delivery: Delivery): void;
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Events as cameras tell them, each camera numbered without a gap. */
function eventSource(): () => FalconetEvent {
  const event = anEvent({ type: 'update', reason: ['moving'] });
  let made = 0;
  return () => {
    const camera = `c${made % CAMERAS}`;
    const seq = Math.floor(made++ / CAMERAS);
    return { ...event, id: `${camera}-${seq % 10}`, camera, seq, stream_seq: seq };
  };
}

/** As in a gateway: journal, outbox and sink. */
async function openOurs(url: string, folder: string): Promise<Publisher> {
  const store = await openStore({ path: join(folder, 'falconet.db'), log });
  const sink = mqttSink({ url, gateway: 'bench', baseTopic: 'ours', log });
  const queue = queued(sink, { outbox: outboxesIn(store, { log })('mqtt'), log });
  const recipients = { sinks: [queue], journal: journalIn(store) };
  return {
    queue,
    push: (delivery) => handOver(delivery, recipients),
    drain: queue.drain,
    async close() {
      await queue.close();
      await store.close();
    },
  };
}

/** @returns events a second. */
async function raceOurs({ queue, push, drain }: Publisher, next: () => FalconetEvent): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    push({ event: next() });
    while (queue.size >= AHEAD) await wait(1);
  }
  await drain();
  return (count / (performance.now() - began)) * 1_000;
}

/** @returns events a second. */
async function raceBare(
  client: Awaited<ReturnType<typeof connectAsync>>,
  next: () => FalconetEvent,
): Promise<number> {
  const began = performance.now();
  let underWay = 0;
  let acknowledged = (): void => {};
  for (let i = 0; i < count; i++) {
    const event = { ...next(), late_s: (Date.now() - began) / 1_000 };
    underWay++;
    client.publish(`bare/camera/${event.camera}/event`, JSON.stringify(event), SAME, () => {
      underWay--;
      acknowledged();
    });
    const most = i < count - 1 ? IN_FLIGHT - 1 : 0;
    while (underWay > most) {
      await new Promise<void>((resolve) => {
        acknowledged = resolve;
      });
    }
  }
  return (count / (performance.now() - began)) * 1_000;
}

interface Steady {
  readonly sent: number;
  readonly mostWaiting: number;
  /** How late the loop was at the worst of a hundred, ms, meanwhile and just before. */
  readonly loopMs: number;
  readonly idleMs: number;
}

async function keepPace(
  { queue, push, drain }: Publisher,
  next: () => FalconetEvent,
  ms: number,
): Promise<Steady> {
  const idleMs = await loopDelay(2_000);
  const picture = { image: anImage() };
  const image = Buffer.alloc(PICTURE_BYTES, 'x');
  const began = performance.now();
  let sent = 0;
  let mostWaiting = 0;
  const ticking = setInterval(() => {
    const due = Math.min(ms, performance.now() - began) * (PER_SECOND / 1_000);
    for (; sent < due; sent++) {
      const hasPicture = sent % PICTURE_EVERY === 0;
      push(hasPicture ? { event: { ...next(), ...picture }, image } : { event: next() });
    }
    mostWaiting = Math.max(mostWaiting, queue.size);
  }, TICK_MS);
  const loopMs = await loopDelay(ms);
  await wait(2 * TICK_MS);
  clearInterval(ticking);
  await drain();
  return { sent, mostWaiting, loopMs, idleMs };
}

interface Result {
  readonly ours: Summary;
  readonly bare: Summary;
  readonly ratio: Summary;
  readonly raced: Arrived;
  readonly steady: Steady;
  readonly paced: Arrived;
  readonly isWhole: boolean;
}

async function measure(url: string): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-bench-'));
  const counter = await startEventCounter(url);
  const publisher = await openOurs(url, folder);
  const client = await connectAsync(url, { protocolVersion: 5 });
  const [next, nextBare] = [eventSource(), eventSource()];
  const ours = (): Promise<number> => raceOurs(publisher, next);
  const bare = (): Promise<number> => raceBare(client, nextBare);

  await bare(); // both warm up
  await ours();
  await counter.arrived();
  const pairs = await interleave(ours, bare, Number(values.pairs));
  const raced = await counter.arrived();
  const steady = await keepPace(publisher, next, Number(values.seconds) * 1_000);
  const paced = await counter.arrived();
  await publisher.close();
  await client.endAsync(true);
  counter.close();
  rmSync(folder, { recursive: true });

  const gaps = raced.gaps + paced.gaps + publisher.queue.dropped;
  return {
    ours: summarise(pairs.map(([our]) => our)),
    bare: summarise(pairs.map(([, their]) => their)),
    ratio: summarise(pairs.map(([our, their]) => our / their)),
    ...{ raced, steady, paced },
    isWhole: raced.events === 2 * pairs.length * count && paced.events === steady.sent && gaps === 0,
  };
}

function tell(result: Result): void {
  const machine = thisMachine();
  if (values.json) {
    console.log(JSON.stringify({ machine, ...result }, null, 2));
    return;
  }
  const { ours, bare, ratio, steady, isWhole } = result;
  const loop = `p99 ${steady.loopMs.toFixed(1)} ms, ${steady.idleMs.toFixed(1)} when idle`;
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  console.log(
    `  ${count} events of 0.7 kB at QoS 1, ${IN_FLIGHT} under way, mosquitto, ${values.pairs} pairs`,
  );
  console.log(`    with the outbox  ${showSummary(ours, 0)} events/s`);
  console.log(`    bare MQTT.js     ${showSummary(bare, 0)} events/s`);
  console.log(`    ratio            ${showSummary(ratio, 2)}  ${verdict(ratio, { atLeast: TARGET_RATIO })}`);
  console.log(
    `  ${PER_SECOND} events/s, one in ${PICTURE_EVERY} with a picture of 20 kB, for ${values.seconds} s`,
  );
  console.log(`    sent ${steady.sent}, at most ${steady.mostWaiting} waited`);
  console.log(`    loop delay       ${loop}  ${verdict(steady.loopMs, { atMost: TARGET_LOOP_MS }, ' ms')}`);
  console.log(`  ${isWhole ? 'nothing was lost' : `LOST: ${JSON.stringify(result)}`}`);
}

const broker = await startBareBroker(IN_FLIGHT);
if (broker === undefined) console.log('skipped: mosquitto is not installed');
else {
  const result = await measure(broker.url).finally(() => broker.close());
  tell(result);
  if (!result.isWhole) process.exitCode = 1;
}

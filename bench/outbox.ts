/**
 * What the outbox costs: events to a broker at QoS 1, each on disk before it is sent, beside a bare MQTT.js publisher
 * with the same messages, as many of them under way; then 500 events a second, some with pictures, and how late the event loop is
 * meanwhile. Broker and reader are processes of their own; the reader says whether anything was lost.
 * `node bench/outbox.ts [--events 5000] [--pairs 7] [--seconds 20] [--json]`; exit code 1 for a loss.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectAsync, type IClientPublishOptions } from 'mqtt';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { showSummary, summarise } from '../src/cli/bench/summary.ts';
import { silentLog } from '../src/core/log.ts';
import type { FalconetEvent } from '../src/core/schema/event.ts';
import { handOver } from '../src/pipeline/hand-over.ts';
import { mqttSink } from '../src/sinks/mqtt.ts';
import { outboxesIn } from '../src/sinks/outbox.ts';
import { queued } from '../src/sinks/queue.ts';
import { journalIn } from '../src/sinks/store/journal.ts';
import { openStore } from '../src/sinks/store/store.ts';
import { anEvent, anImage } from '../test/helpers/events.ts';
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

/** Events as cameras tell them, each camera numbered without a gap. */
function eventSource(): () => FalconetEvent {
  const event = anEvent({ type: 'update', reason: ['moving'] });
  let count = 0;
  return () => {
    const camera = `c${count % CAMERAS}`;
    const seq = Math.floor(count++ / CAMERAS);
    return { ...event, id: `${camera}-${seq % 10}`, camera, seq, stream_seq: seq };
  };
}

async function main(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-bench-'));
  const counter = fork(fileURLToPath(new URL('./lib/event-counter.ts', import.meta.url)), [url]);
  await once(counter, 'message');
  const count = Number(values.events);

  const log = silentLog;
  const store = await openStore({ path: join(folder, 'falconet.db'), log });
  const sink = mqttSink({ url, gateway: 'bench', baseTopic: 'ours', log });
  const queue = queued(sink, { outbox: outboxesIn(store, { log })('mqtt'), log });
  const recipients = { sinks: [queue], journal: journalIn(store) };
  const next = eventSource();
  const client = await connectAsync(url, { protocolVersion: 5 });
  const nextBare = eventSource();

  async function ours(): Promise<number> {
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      handOver({ event: next() }, recipients);
      while (queue.size >= AHEAD) await wait(1);
    }
    await queue.drain();
    return (count / (performance.now() - began)) * 1_000;
  }

  async function bare(): Promise<number> {
    const began = performance.now();
    let underWay = 0;
    let acknowledged = (): void => {};
    for (let i = 0; i < count; i++) {
      const event = { ...nextBare(), late_s: (Date.now() - began) / 1_000 };
      underWay++;
      client.publish(`bare/camera/${event.camera}/event`, JSON.stringify(event), SAME, () => {
        underWay--;
        acknowledged();
      });
      const most = i < count - 1 ? IN_FLIGHT - 1 : 0;
      while (underWay > most) await new Promise<void>((resolve) => (acknowledged = resolve));
    }
    return (count / (performance.now() - began)) * 1_000;
  }

  /** How late the loop was at the worst of a hundred, ms, while events came at a steady rate, and just before. */
  async function steady(
    ms: number,
  ): Promise<{
    readonly sent: number;
    readonly loopMs: number;
    readonly idleMs: number;
    readonly mostWaiting: number;
  }> {
    const idleMs = await loopDelay(2_000);
    const image = anImage();
    const picture = Buffer.alloc(PICTURE_BYTES, 'x');
    const began = performance.now();
    let sent = 0;
    let mostWaiting = 0;
    const ticking = setInterval(() => {
      const due = Math.min(ms, performance.now() - began) * (PER_SECOND / 1_000);
      for (; sent < due; sent++) {
        const delivery =
          sent % PICTURE_EVERY === 0 ? { event: { ...next(), image }, image: picture } : { event: next() };
        handOver(delivery, recipients);
      }
      mostWaiting = Math.max(mostWaiting, queue.size);
    }, TICK_MS);
    const loopMs = await loopDelay(ms);
    await wait(2 * TICK_MS);
    clearInterval(ticking);
    await queue.drain();
    return { sent, loopMs, idleMs, mostWaiting };
  }

  async function arrived(): Promise<Arrived> {
    await wait(500);
    counter.send('');
    const [told] = await once(counter, 'message');
    return told as Arrived;
  }

  await bare(); // both warm up
  await ours();
  await arrived();
  const pairs = await interleave(ours, bare, Number(values.pairs));
  const raced = await arrived();
  const even = await steady(Number(values.seconds) * 1_000);
  const paced = await arrived();
  await queue.close();
  await store.close();
  await client.endAsync(true);
  counter.disconnect();
  rmSync(folder, { recursive: true });

  const ratio = summarise(pairs.map(([our, their]) => our / their));
  const rates = {
    ours: summarise(pairs.map(([our]) => our)),
    bare: summarise(pairs.map(([, their]) => their)),
  };
  const wanted = 2 * pairs.length * count;
  const isWhole =
    raced.events === wanted && paced.events === even.sent && raced.gaps + paced.gaps + queue.dropped === 0;
  if (!isWhole) process.exitCode = 1;
  const machine = thisMachine();
  if (values.json)
    return console.log(JSON.stringify({ machine, ratio, rates, raced, even, paced, isWhole }, null, 2));
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  console.log(`  ${count} events of 0.7 kB at QoS 1, ${IN_FLIGHT} under way, mosquitto, ${pairs.length} pairs`);
  console.log(`    with the outbox  ${showSummary(rates.ours, 0)} events/s`);
  console.log(`    bare MQTT.js     ${showSummary(rates.bare, 0)} events/s`);
  console.log(`    ratio            ${showSummary(ratio, 2)}  ${verdict(ratio, { atLeast: TARGET_RATIO })}`);
  console.log(
    `  ${PER_SECOND} events/s, one in ${PICTURE_EVERY} with a picture of 20 kB, for ${values.seconds} s`,
  );
  console.log(`    sent ${even.sent}, at most ${even.mostWaiting} waited`);
  console.log(
    `    loop delay       p99 ${even.loopMs.toFixed(1)} ms, ${even.idleMs.toFixed(1)} when idle  ${verdict(even.loopMs, { atMost: TARGET_LOOP_MS }, ' ms')}`,
  );
  console.log(
    `  ${isWhole ? 'nothing was lost' : `LOST: ${JSON.stringify({ wanted, raced, even, paced })}`}`,
  );
}

interface Arrived {
  readonly events: number;
  readonly repeats: number;
  readonly gaps: number;
}

const broker = await startBareBroker(IN_FLIGHT);
if (broker === undefined) console.log('skipped: mosquitto is not installed');
else await main(broker.url).finally(() => broker.close());

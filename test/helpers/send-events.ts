/**
 * A program for tests: hands events `event-0`, `event-1` and so on to a broker as a gateway does, each with a picture
 * `picture-0` and so on, and ends when the broker has them. `send-events URL FOLDER COUNT`
 */
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { handOver } from '../../src/pipeline/hand-over.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { outboxesIn } from '../../src/sinks/outbox.ts';
import { queued } from '../../src/sinks/queue.ts';
import { journalIn } from '../../src/sinks/store/journal.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import { anEvent, anImage } from './events.ts';

const [url = '', folder = '', count = ''] = process.argv.slice(2);
const log = silentLog;
const store = await openStore({ path: join(folder, 'falconet.db'), log });
const sink = mqttSink({ url, gateway: 'home', log });
const queue = queued(sink, { outbox: outboxesIn(store, { log })('mqtt'), log });
const recipients = { sinks: [queue], journal: journalIn(store) };
for (let i = 0; i < Number(count); i++) {
  const event = anEvent({ id: `event-${i}.`, stream_seq: i, image: anImage() });
  handOver({ event, image: Buffer.from(`picture-${i}.`.padEnd(5_000)) }, recipients);
  if (i % 2 === 0) await queue.drain();
}
await queue.drain();
await queue.close();
await store.close();

/**
 * A process that reads events from a broker: `event-counter URL`. Says `ready` over IPC, and for each message that it
 * gets from there how many came since the last one, how many of them twice, and how many cameras skipped one.
 */
import { connectAsync } from 'mqtt';

const [url = ''] = process.argv.slice(2);
const newest = new Map<string, number>();
let events = 0;
let repeats = 0;
let gaps = 0;

const client = await connectAsync(url);
client.on('message', (topic, payload) => {
  const { stream_seq: seq } = JSON.parse(payload.toString()) as { stream_seq: number };
  const last = newest.get(topic) ?? seq - 1;
  events++;
  if (seq <= last) repeats++;
  if (seq > last + 1) gaps++;
  newest.set(topic, Math.max(last, seq));
});
await client.subscribeAsync('+/camera/+/event', { qos: 1 });
process.on('message', () => {
  process.send?.({ events, repeats, gaps });
  events = 0;
  repeats = 0;
  gaps = 0;
});
process.on('disconnect', () => client.end(true));
process.send?.('ready');

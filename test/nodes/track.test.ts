import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StateReport } from '../../src/core/camera-state.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { startBroker } from '../helpers/broker.ts';
import { CAMERA, CATCH, cameraIn, debug, detect, EMPTY, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';
import { Recorder } from './recorder.ts';

vi.setConfig({ testTimeout: 120_000 });

let red: TestNodeRed;

beforeAll(async () => {
  red = await startNodeRed();
});

afterAll(async () => {
  await red.close();
});

beforeEach(async () => {
  await red.deploy(EMPTY);
  red.forget();
});

/** The demo clip through detect into track; events go to `events`, failures to `failed`. */
function trackFlow(rules: object = {}): FlowNode[] {
  return [
    TAB,
    CAMERA,
    MODEL,
    cameraIn({ wires: [['d1'], ['tr1']] }),
    detect({ wires: [['tr1']] }),
    node('tr1', 'falconet-track', { gateway: 'home', rules, version: 1, wires: [['events']] }),
    debug('events'),
    ...CATCH,
  ];
}

const events = (): FalconetEvent[] =>
  red.deliveries.all.filter(({ to }) => to === 'events').map(({ msg }) => msg['payload'] as FalconetEvent);
const seen = (predicate: (event: FalconetEvent) => boolean) =>
  red.deliveries.waitUntil(() => events().some(predicate), 40_000);

describe('track', () => {
  test('makes of boxes the events of the gateway, with the picture of the frame', async () => {
    await red.deploy(trackFlow({ labels: { person: { score: 0.5 } } }));
    await seen(({ type }) => type === 'new');
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'events');
    expect(eventSchema.parse(msg['payload'])).toMatchObject({
      type: 'new',
      label: 'person',
      gateway: 'home',
    });
    expect(msg['topic']).toBe('room');
    expect((msg['image'] as Buffer).subarray(0, 2).toString('hex')).toBe('ffd8');
  });

  test('ends what is open when the camera is stopped: each new has its one end', async () => {
    await red.deploy(trackFlow());
    await seen(({ type }) => type === 'new');
    red.send('in1', { payload: false });
    const open = () => {
      const ended = new Set(events().flatMap(({ type, id }) => (type === 'end' ? [id] : [])));
      return events().filter(({ type, id }) => type === 'new' && !ended.has(id));
    };
    await red.deliveries.waitUntil(() => open().length === 0, 20_000);
    const ends = events().flatMap(({ type, id }) => (type === 'end' ? [id] : []));
    expect(new Set(ends).size).toBe(ends.length);
  });

  test('tells how many frames came and how many a busy detector left out', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const camera = (name: string) => ({ ...CAMERA, id: `c-${name}`, name, fps: '30' });
    const reader = (name: string) =>
      cameraIn({
        ...{ id: `in-${name}`, camera: `c-${name}`, autostart: false },
        wires: [['d1', `seen-${name}`], ['tr1']],
      });
    await red.deploy([
      ...[TAB, MODEL, detect({ wires: [['tr1']] }), ...CATCH],
      ...names.flatMap((name) => [camera(name), reader(name), debug(`seen-${name}`)]),
      node('tr1', 'falconet-track', { gateway: 'home', rules: {}, version: 1, wires: [[], ['told']] }),
      debug('told'),
    ]);
    await red.statuses.waitFor(({ node, fill }) => node === 'd1' && fill === 'green', 30_000);
    for (const name of names) red.send(`in-${name}`, { payload: true });
    const seen = (name: string) => red.deliveries.all.filter(({ to }) => to === `seen-${name}`).length;
    await red.deliveries.waitUntil(() => names.every((name) => seen(name) > 30), 60_000);
    for (const name of names) red.send(`in-${name}`, { payload: false });
    const told = (name: string) =>
      red.deliveries.all
        .filter(({ to, msg }) => to === 'told' && msg['topic'] === name)
        .map(({ msg }) => msg['payload'] as StateReport)
        .find(({ reason }) => reason === 'stopped');
    await red.deliveries.waitUntil(() => names.every((name) => told(name) !== undefined), 20_000);

    for (const name of names) {
      const { came = 0, looked = 0, dropped = {} } = told(name)?.frames ?? {};
      expect(came).toBe(seen(name) + (dropped.busy ?? 0));
      expect(looked).toBeGreaterThan(0);
      expect(looked + (dropped.late ?? 0)).toBeLessThanOrEqual(came);
    }
    expect(Math.max(...names.map((name) => told(name)?.frames.dropped.late ?? 0))).toBeGreaterThan(0);
  });

  test('says on the badge and to Catch what is wrong with its rules', async () => {
    await red.deploy(
      trackFlow({
        zones: {
          gate: {
            polygon: [
              [0, 0],
              [1, 1],
            ],
          },
        },
      }),
    );
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed', 30_000);
    expect((msg['error'] as Error).message).toMatch(/track has mistakes: zones: gate: polygon/);
    await red.statuses.waitFor(
      ({ node, text }) => node === 'tr1' && text === 'falconet-track.status.settings',
    );
  });

  test('takes nothing but frames that detect has seen, and says so', async () => {
    await red.deploy(trackFlow());
    red.send('tr1', { payload: 'a person, I think' });
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed');
    expect((msg['error'] as Error).message).toContain('Wire camera in to detect');
  });
});

describe('the example flows with track', () => {
  async function example(name: string): Promise<FlowNode[]> {
    return JSON.parse(await readFile(join(packageRoot, 'examples/flows', `${name}.json`), 'utf8'));
  }
  const payloadsAt = (flow: FlowNode[], name: string) => {
    const id = flow.find((one) => one['name'] === name)?.id;
    return red.deliveries.all.filter(({ to }) => to === id).map(({ msg }) => msg['payload']);
  };

  test('events-to-mqtt tells the broker, in the topics of the gateway', async () => {
    const broker = await startBroker();
    const client = await connectAsync(broker.url);
    const heard = new Recorder<{ topic: string; event: FalconetEvent }>();
    client.on('message', (topic, payload) => heard.add({ topic, event: JSON.parse(payload.toString()) }));
    await client.subscribeAsync('falconet/#');
    const flow = await example('events-to-mqtt');
    await red.deploy(
      flow.map((one) => (one.type === 'mqtt-broker' ? { ...one, port: String(broker.port) } : one)),
    );
    const { topic } = await heard.waitFor(({ event }) => eventSchema.safeParse(event).success, 30_000);
    expect(topic).toBe('falconet/camera/room/event');
    await red.deploy(EMPTY);
    await client.endAsync();
    await broker.close();
  });

  test('count-over-a-line counts who walks through the room', async () => {
    const flow = await example('count-over-a-line');
    await red.deploy(flow);
    await red.deliveries.waitUntil(() => payloadsAt(flow, 'counts').length > 0, 50_000);
    const { in: entered, out } = payloadsAt(flow, 'counts')[0] as { in: number; out: number };
    expect(entered + out).toBeGreaterThan(0);
  });

  test('webhook posts each new person', async () => {
    const flow = await example('webhook');
    await red.deploy(
      flow.map((one) =>
        one.type === 'http request' ? { ...one, url: `${red.url}/falconet/example-hook` } : one,
      ),
    );
    await red.deliveries.waitUntil(() => payloadsAt(flow, 'answer').length > 0, 50_000);
    expect(payloadsAt(flow, 'answer')[0]).toEqual({ got: expect.stringMatching(/^room-/) });
  });
});

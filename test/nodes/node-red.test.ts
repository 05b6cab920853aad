import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HandleMaker } from '../../nodes/lib/frame-handle.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { startBroker } from '../helpers/broker.ts';
import { anEvent } from '../helpers/events.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { CATCH, debug, detect, EMPTY, MODEL, TAB } from './flow-nodes.ts';
import { type FlowNode, type RedError, startNodeRed, type TestNodeRed } from './node-red.ts';

let red: TestNodeRed;
let cat: Buffer;

beforeAll(async () => {
  red = await startNodeRed();
  cat = await readFile(join(packageRoot, 'examples/media/cat.jpg'));
});

afterAll(async () => {
  await red.close();
});

beforeEach(() => {
  red.forget();
});

/** A detect node with wires to `seen`, its failures to `failed`; ids are no names, see Node-RED's trap. */
function detectFlow(changes: { model?: object; detect?: object } = {}): FlowNode[] {
  return [
    TAB,
    { ...MODEL, ...changes.model },
    detect({ wires: [['seen']], ...changes.detect }),
    debug('seen'),
    ...CATCH,
  ];
}

async function example(name: string): Promise<FlowNode[]> {
  return JSON.parse(await readFile(join(packageRoot, 'examples/flows', name), 'utf8'));
}

function answers(): { payload: { label: string; score: number; box: number[] }[]; [key: string]: unknown }[] {
  return red.deliveries.all.filter(({ to }) => to === 'seen').map(({ msg }) => msg) as never;
}

async function failure(): Promise<RedError> {
  const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed');
  return msg['error'] as RedError;
}

function badge(text: string): Promise<unknown> {
  return red.statuses.waitFor((status) => status.node === 'd1' && status.text === text);
}

function engines(): number[] {
  return (processesBelow() ?? [])
    .filter(({ commandLine }) => commandLine.some((part) => part.includes('engine-process')))
    .map(({ pid }) => pid);
}

const hasProc = process.platform === 'linux';

describe('the example flows', () => {
  test('a picture posted to "bring your own picture" is answered with the cat on it', async () => {
    await red.deploy(await example('bring-your-own-picture.json'));
    const post = (body: string | Uint8Array<ArrayBuffer>, type: string): Promise<Response> =>
      fetch(`${red.url}/falconet/detect`, { method: 'POST', headers: { 'Content-Type': type }, body });

    const answer = await post(new Uint8Array(cat), 'image/jpeg');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual([
      { label: 'cat', score: expect.closeTo(0.9, 0), box: expect.arrayContaining([expect.any(Number)]) },
    ]);

    const refused = await post('no picture', 'text/plain');
    expect(refused.status).toBe(422);
    expect(await refused.json()).toEqual({
      error: expect.stringContaining('expected a picture, got a string'),
    });
  });

  test('an event on the broker becomes a readable alert, once for each visit', async () => {
    const broker = await startBroker();
    const flow = await example('person-alert-from-mqtt.json');
    const placed = flow.map((node) =>
      node.type === 'mqtt-broker' ? { ...node, port: String(broker.port) } : node,
    );
    await red.deploy(placed);
    const alert = flow.find(({ type }) => type === 'debug')?.id;
    await red.statuses.waitFor(({ text }) => text.includes('connected') && !text.includes('dis'));

    const sure = (best: number) => ({ current: 0.5, best, median: 0.6 });
    const life = [
      anEvent({ type: 'new', label: 'dog', camera: 'room' }),
      anEvent({ type: 'new', label: 'person', camera: 'room', score: sure(0.714) }),
      anEvent({ type: 'end', label: 'person', camera: 'room' }),
      anEvent({ type: 'new', label: 'person', camera: 'drive', score: sure(0.9) }),
    ];
    const gateway = await connectAsync(broker.url);
    for (const event of life) {
      await gateway.publishAsync(`falconet/camera/${event.camera}/event`, JSON.stringify(event), { qos: 1 });
    }
    await red.deliveries.waitFor(({ to, msg }) => to === alert && String(msg['payload']).includes('drive'));

    const alerts = red.deliveries.all.filter(({ to }) => to === alert).map(({ msg }) => msg['payload']);
    expect(alerts).toEqual(['A person at room (71% sure)', 'A person at drive (90% sure)']);
    await red.deploy(EMPTY);
    await gateway.endAsync();
    await broker.close();
  });

  test('each can be imported: its nodes are known, and a comment says how to try it', async () => {
    const known = (await (await red.get('nodes')).json()) as { types: string[] }[];
    const types = new Set(known.flatMap((set) => set.types).concat('tab'));
    for (const name of await readdir(join(packageRoot, 'examples/flows'))) {
      const flow = await example(name);
      const isOfDashboard2 = ({ type }: FlowNode) => name.includes('dashboard-2') && type.startsWith('ui-');
      expect(flow.filter((one) => !types.has(one.type) && !isOfDashboard2(one))).toEqual([]);
      expect(flow.find(({ type }) => type === 'comment')?.['name']).toMatch(/^Try it: /);
    }
  });
});

describe('detect', () => {
  test('answers with plain JSON and the size of the picture, and passes on the rest of the message', async () => {
    await red.deploy(detectFlow());
    red.send('d1', { payload: cat, topic: 'drive' });
    await red.deliveries.waitFor(({ to }) => to === 'seen');

    const [answer] = answers();
    const { width, height } = await decodePicture(cat);
    expect(answer).toMatchObject({ topic: 'drive', picture: { width, height } });
    expect(structuredClone(answer?.payload)).toEqual(answer?.payload);
    expect(answer?.payload.map(({ label }) => label)).toEqual(['cat']);
    await red.statuses.waitFor(
      ({ node, fill, text }) => node === 'd1' && fill === 'green' && /^cat \d+%$/.test(text),
    );
  });

  test('takes pixels of another node, and gives only what reaches the score', async () => {
    await red.deploy(detectFlow({ detect: { score: '1' } }));
    red.send('d1', { payload: await decodePicture(cat) });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    expect(answers()[0]?.payload).toEqual([]);
    await badge('falconet-detect.status.nothing');
  });

  test('looks at pixels that a function put beside the frame, such as a part of it, not at the frame', async () => {
    await red.deploy(detectFlow());
    const { createHandleMaker } = red.module('nodes/lib/frame-handle.js') as {
      createHandleMaker(): HandleMaker;
    };
    const handles = createHandleMaker();
    const frame = handles.handle(
      {
        ...{ camera: 'room', seq: 0, pts: 0, wallTime: Date.now(), width: 64, height: 36, format: 'rgb24' },
        ...{ data: new Uint8Array(64 * 36 * 3).fill(100), release() {} },
      },
      false,
    );
    red.send('d1', { frame, payload: await decodePicture(cat) });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    expect(answers()[0]?.payload).toMatchObject([{ label: 'cat' }]);
    handles.close();
  });

  test('answers every message once and in order; beyond 32 that wait, Catch gets them', async () => {
    await red.deploy(detectFlow());
    for (let index = 0; index < 40; index++) red.send('d1', { payload: cat, index });
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === 'd1').length === 40,
      25_000,
    );
    expect(answers().map(({ index }) => index)).toEqual(Array.from({ length: 32 }, (_, index) => index));
    const refused = red.completions.all.filter(({ error }) => error !== undefined);
    expect(refused).toHaveLength(8);
    expect((await failure()).message).toMatch(/at most 32 pictures to wait.*ENGINE_BUSY.*Send fewer/);
  });

  test('says what is wrong with a picture, and looks at the next', async () => {
    await red.deploy(detectFlow());
    red.send('d1', { payload: cat.subarray(0, 5_000) });
    red.send('d1', { payload: '/etc/passwd' });
    red.send('d1', { payload: cat });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    const words = red.deliveries.all
      .filter(({ to }) => to === 'failed')
      .map(({ msg }) => msg['error'] as RedError);
    expect(words.map(({ code }) => code)).toEqual(['PICTURE_UNREADABLE', 'PICTURE_UNREADABLE']);
    expect(words[1]?.message).toContain('expected a picture, got a string');
    expect(words[1]?.message).not.toContain('passwd');
    expect(red.completions.all.filter(({ node }) => node === 'd1')).toHaveLength(3);
  });
});

describe('a fault stays in its node', () => {
  test('no model: the badge and Catch say so', async () => {
    await red.deploy(detectFlow({ detect: { model: 'gone' } }));
    await badge('falconet-detect.status.no-model');
    red.send('d1', { payload: cat });
    expect((await failure()).message).toMatch(/expected a falconet-model node.*choose a model/);
  });

  test('a model that was damaged: the badge and Catch say which file', async () => {
    const folder = join(tempFolder(), 'damaged');
    await cp(join(packageRoot, 'models/tiny-ssd'), folder, { recursive: true });
    await writeFile(join(folder, 'network.json'), '{}');
    await red.deploy(detectFlow({ model: { model: folder } }));
    await badge('falconet-detect.status.broken-model');
    red.send('d1', { payload: cat });
    expect(await failure()).toMatchObject({
      code: 'MODEL_CHECKSUM',
      message: expect.stringContaining('network.json'),
    });
  });

  test.each([
    { name: 'processes', changes: { model: { processes: '99' } } },
    { name: 'engine', changes: { model: { engine: 'steam' } } },
    { name: 'score', changes: { detect: { score: '' } } },
  ])('a wrong setting of a hand-written flow is named: $name', async ({ name, changes }) => {
    await red.deploy(detectFlow(changes));
    await badge('falconet-detect.status.settings');
    red.send('d1', { payload: cat });
    expect(await failure()).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(name) });
  });

  test.runIf(hasProc)('an engine that is killed is started again, and pictures are looked at', async () => {
    await red.deploy(detectFlow());
    red.send('d1', { payload: cat });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    for (const pid of engines()) process.kill(pid, 'SIGKILL');
    for (let index = 0; index < 4; index++) red.send('d1', { payload: cat });
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === 'd1').length === 5,
      20_000,
    );
    expect(answers().length).toBeGreaterThan(1);
  });
});

describe('the editor', () => {
  test('gets all nodes, their help in its language, and the icon', async () => {
    const sets = (await (await red.get('nodes')).json()) as {
      module: string;
      types: string[];
      enabled: boolean;
    }[];
    const ours = sets.filter(({ module }) => module === '@falconet/node-red');
    expect(ours.flatMap(({ types, enabled }) => (enabled ? types : []))).toEqual([
      'falconet-model',
      'falconet-camera',
      'falconet-camera-in',
      'falconet-detect',
      'falconet-track',
      'falconet-preview',
      'falconet-gateway',
      'falconet-broker',
      'falconet-mqtt-out',
      'falconet-file-out',
      'falconet-dashboard-out',
    ]);

    const html = await (await fetch(`${red.url}/admin/nodes`, { headers: { Accept: 'text/html' } })).text();
    expect(html).toContain('data-help-name="falconet-detect"');
    const german = await red.get('nodes/messages?lng=de');
    expect(await german.text()).toContain('nichts gefunden');
    const icon = await red.get('icons/@falconet/node-red/falconet-detect.svg');
    expect(icon.headers.get('content-type')).toContain('svg');
  });
});

describe.runIf(hasProc)('engine processes', () => {
  test('are shared by all nodes of one model, and gone soon after a redeploy without them', async () => {
    await red.deploy([...detectFlow({ model: { processes: '2' } }), detect({ id: 'd2', wires: [[]] })]);
    await red.statuses.waitFor(({ node, fill }) => node === 'd2' && fill === 'green');
    expect(engines()).toHaveLength(2);

    await red.deploy(detectFlow({ model: { processes: '2' } }), 'nodes');
    expect(engines()).toHaveLength(2);
    await red.deploy(EMPTY);
    await gone();
  });

  test('end with a deploy in the middle of work: every message is done with, once', async () => {
    await red.deploy(detectFlow());
    for (let index = 0; index < 10; index++) red.send('d1', { payload: cat, index });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    await red.deploy(EMPTY);
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === 'd1').length >= 10,
    );
    await gone();
    expect(red.completions.all.filter(({ node }) => node === 'd1')).toHaveLength(10);
  });
});

/** No engine is left. */
async function gone(): Promise<void> {
  await expect.poll(engines, { timeout: 15_000, interval: 50 }).toEqual([]);
}

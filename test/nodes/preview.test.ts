import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { CAMERA, CATCH, cameraIn, debug, detect, EMPTY, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

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

function preview(rest: object = {}): FlowNode {
  return node('p1', 'falconet-preview', { width: '320', rate: '5', version: 1, wires: [], ...rest });
}

function ask(id: string, known = 0): Promise<Response> {
  return red.get(`falconet/preview/${id}?known=${known}`);
}

interface Answer {
  readonly number: number;
  readonly image: string;
}

/** Asks until there is a newer picture. */
async function newer(known = 0): Promise<Answer> {
  let answer: Answer | undefined;
  await expect
    .poll(
      async () => {
        const response = await ask('p1', known);
        if (response.status === 200) answer = (await response.json()) as Answer;
        return response.status;
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe(200);
  return answer as Answer;
}

const badge = (word: string) =>
  red.statuses.waitFor(({ node, text }) => node === 'p1' && text === `falconet-preview.status.${word}`);

test('shows the frames of a camera with their boxes, each once, and says whether anybody looks', async () => {
  const flow = [
    TAB,
    CAMERA,
    MODEL,
    cameraIn({ wires: [['d1'], []] }),
    detect({ wires: [['p1', 'seen']] }),
    debug('seen'),
    preview(),
    ...CATCH,
  ];
  await red.deploy(flow);
  await badge('unwatched');
  await red.deliveries.waitFor(
    ({ to, msg }) => to === 'seen' && JSON.stringify(msg['payload']).includes('person'),
    20_000,
  );
  const first = await newer();
  const { width, height, format } = await sharp(Buffer.from(first.image, 'base64')).metadata();
  expect({ width, height, format }).toEqual({ width: 320, height: 180, format: 'jpeg' });
  await badge('watched');
  expect((await newer(first.number)).number).toBeGreaterThan(first.number);
  expect(red.deliveries.all.filter(({ to }) => to === 'failed')).toEqual([]);
});

test('shows a picture of any other node, and none twice', async () => {
  await red.deploy([TAB, preview()]);
  expect((await ask('p1')).status).toBe(204);
  red.send('p1', { payload: await readFile(join(packageRoot, 'examples/media/cat.jpg')) });
  const { number } = await newer();
  expect((await ask('p1', number)).status).toBe(204);
});

test('says to Catch and on the badge what is no picture', async () => {
  await red.deploy([TAB, preview(), ...CATCH]);
  red.send('p1', { payload: 'a cat, I think' });
  const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed');
  expect((msg['error'] as Error).message).toMatch(/expected a picture, got a string.*Wire camera in/);
  await badge('bad-picture');
});

test('a wrong setting of a hand-written flow is named', async () => {
  await red.deploy([TAB, preview({ rate: '100' }), ...CATCH]);
  await badge('settings');
  red.send('p1', { payload: [] });
  const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed');
  expect((msg['error'] as Error).message).toMatch(/preview has mistakes: rate/);
});

test('a node that is gone, or none of ours, shows nothing', async () => {
  await red.deploy([TAB, preview(), debug('seen')]);
  expect((await ask('p1')).status).toBe(204);
  expect((await ask('seen')).status).toBe(404);
  await red.deploy(EMPTY);
  expect((await ask('p1')).status).toBe(404);
});

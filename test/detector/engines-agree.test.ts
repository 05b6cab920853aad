import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Detection, Square } from '../../src/core/detection.ts';
import { decode } from '../../src/detector/decode.ts';
import type { Engine, RawOutput } from '../../src/detector/engines/engine.ts';
import { loadEngine } from '../../src/detector/engines/load.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { tfjsGraph } from '../../src/detector/tfjs-graph.ts';
import { REFERENCE_SIZE, type Reference, type ReferenceDetection, readReference } from './reference.ts';

/** Of scores, box corners and raw values alike. */
const TOLERANCE = 1e-3;

const model = await loadManifest('tiny-ssd');
const whole: Square = { x: 0, y: 0, width: REFERENCE_SIZE, height: REFERENCE_SIZE };
const runs: ReadonlyMap<string, Engine['run'] | undefined> = new Map([
  ['onnxruntime-node', (await loadNative())?.run],
  ['onnxruntime-web', (await loadEngine('wasm', model)).run],
  ['TensorFlow.js', await loadTfjs()],
]);

describe.each([...runs])('%s', (name, run) => {
  test.for(['cat', 'astronaut'] as const)(
    'sees in the picture of the %s what the reference sees',
    async (picture, { skip }) => {
      if (run === undefined) return skip(`${name} is an optional dependency and not installed`);
      const reference = readReference(picture);
      const output = await run(reference.pixels, REFERENCE_SIZE, REFERENCE_SIZE, whole);
      expect(largestDifference(output, reference)).toBeLessThan(TOLERANCE);
      expectDetections(decode(output, model), reference.detections);
    },
  );

  test.for<{ name: string; square: Square }>([
    { name: 'enlarged', square: { x: 37, y: 21, width: 200, height: 150 } },
    { name: 'of one column', square: { x: 299, y: 0, width: 1, height: 300 } },
  ])('looks at a square that is $name as the others do', async ({ square }, { skip }) => {
    if (run === undefined) return skip(`${name} is an optional dependency and not installed`);
    const expected = await look('onnxruntime-web', picture(300), square);
    expectSame(await look(name, picture(300), square), expected);
  });

  test('looks at a large picture, made smaller, as the others do', async ({ skip }) => {
    if (run === undefined) return skip(`${name} is an optional dependency and not installed`);
    const square = { x: 10, y: 5, width: 580, height: 590 };
    expectSame(await look(name, picture(600), square), await look('onnxruntime-web', picture(600), square));
  });

  test('sees of a square what it sees when the square is all there is', async ({ skip }) => {
    if (run === undefined) return skip(`${name} is an optional dependency and not installed`);
    const square = { x: 20, y: 40, width: 240, height: 180 };
    const cut = cutOut(picture(300).pixels, 300, square);
    const alone = await run(cut, square.width, square.height, { ...square, x: 0, y: 0 });
    expectSame(await look(name, picture(300), square), alone);
  });
});

async function loadNative(): Promise<Engine | undefined> {
  try {
    return await loadEngine('onnx', model);
  } catch (error) {
    if (/is not installed/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** On the WebAssembly backend, which needs no native part; the graph is the same on tfjs-node. */
async function loadTfjs(): Promise<Engine['run']> {
  await tf.setBackend('wasm');
  return tfjsGraph(tf, model.network, readFileSync(model.files.weights));
}

interface Picture {
  /** Of a square picture. */
  readonly side: number;
  readonly pixels: Uint8Array;
}

function look(engine: string, { side, pixels }: Picture, square: Square): Promise<RawOutput> {
  const run = runs.get(engine);
  if (run === undefined) throw new TypeError(`expected ${engine} to be loaded`);
  return run(pixels, side, side, square);
}

/** The astronaut, each pixel repeated to fill `side`, a multiple of 300. */
function picture(side: number): Picture {
  const { pixels } = readReference('astronaut');
  const times = side / REFERENCE_SIZE;
  const at = (x: number, y: number) => 3 * (Math.floor(y / times) * REFERENCE_SIZE + Math.floor(x / times));
  const large = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const from = at(i % side, Math.floor(i / side));
    large.set(pixels.subarray(from, from + 3), 3 * i);
  }
  return { side, pixels: large };
}

function cutOut(pixels: Uint8Array, width: number, square: Square): Uint8Array {
  const rows = Array.from({ length: square.height }, (_, row) => {
    const start = 3 * ((square.y + row) * width + square.x);
    return pixels.subarray(start, start + 3 * square.width);
  });
  return new Uint8Array(Buffer.concat(rows));
}

function largestDifference({ offsets, logits }: RawOutput, reference: Reference): number {
  const values = model.labels.length + 1;
  const differences = reference.rows.flatMap((row, index) => [
    ...(reference.loc_first[index] ?? []).map((value, i) => Math.abs(value - (offsets[4 * row + i] ?? NaN))),
    ...(reference.conf_first[index] ?? []).map((value, i) =>
      Math.abs(value - (logits[values * row + i] ?? NaN)),
    ),
  ]);
  return Math.max(...differences);
}

function expectDetections(found: readonly Detection[], expected: readonly ReferenceDetection[]): void {
  expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
  for (const [
    index,
    {
      score,
      box: [x, y, width, height],
    },
  ] of found.entries()) {
    const known = expected[index];
    expect(Math.abs(score - (known?.score ?? NaN))).toBeLessThan(TOLERANCE);
    for (const [side, value] of [x, y, x + width, y + height].entries()) {
      expect(Math.abs(value - (known?.corners[side] ?? NaN))).toBeLessThan(TOLERANCE);
    }
  }
}

function expectSame(found: RawOutput, expected: RawOutput): void {
  for (const key of ['offsets', 'logits'] as const) {
    expect(found[key].length).toBe(expected[key].length);
    const worst = found[key].reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (expected[key][i] ?? NaN))),
      0,
    );
    expect(worst).toBeLessThan(TOLERANCE);
  }
}

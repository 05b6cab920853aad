/**
 * A process of its own that runs one ONNX graph on one thread, as fast as it can or at a camera's pace: nothing is
 * read, decoded or sent meanwhile. `bare-ort onnx|wasm fp32|int8 MODEL WIDTH HEIGHT`; told over IPC for how many ms and
 * how often, it answers with the frames per second that it made.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Tensor } from 'onnxruntime-web';
import { testFrames } from '../../src/cli/bench/frames.ts';
import type { Precision } from '../../src/detector/engines/engine.ts';
import { openOnnxSession } from '../../src/detector/engines/onnx.ts';
import { openWasmSession } from '../../src/detector/engines/wasm.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import type { BareRun } from './bare-engine.ts';

const [engine, precision, folder, width, height] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const model = await loadManifest(folder);
const session = await (engine === 'onnx'
  ? openOnnxSession(model, precision as Precision)
  : openWasmSession(model));
const frames = testFrames(Number(width), Number(height)).map(
  ({ data, height, width }) => new Tensor('uint8', data, [height, width, 3]),
);
const square = new Tensor('int64', BigInt64Array.of(0n, 0n, BigInt(height), BigInt(width)), [4]);

process.on('message', (options: BareRun) => void run(options).then((rate) => process.send?.(rate)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function run({ ms, everyMs }: BareRun): Promise<number> {
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < ms) {
    const early = begin + count * everyMs - performance.now();
    if (early > 0) await wait(early);
    const frame = frames[count++ % frames.length];
    if (frame !== undefined) await session.run({ frame, square });
  }
  return (count * 1000) / (performance.now() - begin);
}

import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Convolution, convolutions } from '../../src/detector/convolutions.ts';
import type { Model } from '../../src/detector/manifest.ts';
import type { Network } from '../../src/detector/network.ts';
import { readSafetensors } from '../../src/detector/safetensors.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { FloatArithmetic } from '../onnx/float-arithmetic.ts';
import type { Port } from '../onnx/onnx-file.ts';
import { onnxGraph } from '../onnx/onnx-graph.ts';
import type { ByteStep, ByteSteps } from './byte-steps.ts';
import { HiddenRange, OffsetRange, type Range, ScoreRange } from './ranges.ts';

/** Where a convolution's values are seen, and what they are added to. */
interface Watch {
  readonly port: Port;
  readonly range: Range;
}

/**
 * What each feature map's bytes should stand for, from what the model computes in float32 of whole pictures.
 *
 * @param pictures - paths.
 */
export async function measureSteps(model: Model, pictures: readonly string[]): Promise<ByteSteps> {
  const ranges = new Map<string, Range>();
  const watches = convolutions(model.network).map((one) => watch(one, model.network, ranges));
  const session = await openWatched(
    model,
    watches.map(({ port }) => port),
  );
  for (const picture of pictures) {
    const { width, height, data } = await decodePicture(picture);
    const values = await session.run({
      frame: new Tensor('uint8', data, [height, width, 3]),
      square: new Tensor('int64', BigInt64Array.of(0n, 0n, BigInt(height), BigInt(width)), [4]),
    });
    for (const { port, range } of watches) range.add(values[port.name]?.data as Float32Array);
  }
  // A byte of the picture is a byte of the input.
  const features: Record<string, ByteStep> = { input: { step: 1, zero: 0 } };
  for (const [name, range] of ranges) features[name] = range.step();
  return { weights: model.sha256, pictures: pictures.length, features };
}

/** Joined convolutions, a Fire module's expanding two, share a range. */
function watch(one: Convolution, network: Network, ranges: Map<string, Range>): Watch {
  const { name, filters, outputSize } = one;
  const kind = network.heads.some((head) => name.startsWith(`${head.name}.`))
    ? name.split('.').at(-1)
    : 'hidden';
  const shape = [1, filters, outputSize, outputSize];
  const port: Port = { name: kind === 'hidden' ? `${name}.relu` : name, type: 'float32', shape };
  const range =
    ranges.get(name.replace('.expand3x3', '.expand1x1')) ??
    (kind === 'hidden'
      ? new HiddenRange()
      : kind === 'conf'
        ? new ScoreRange(network.classes + 1, outputSize ** 2)
        : new OffsetRange());
  ranges.set(name, range);
  return { port, range };
}

/** The float32 graph, which also gives out what is watched. */
async function openWatched({ network, files }: Model, watched: readonly Port[]): Promise<InferenceSession> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-int8-'));
  try {
    const weightsFile = basename(files.weights);
    const places = readSafetensors(await readFile(files.weights));
    const graph = onnxGraph(network, {
      arithmetic: (file) => new FloatArithmetic(file, { weightsFile, places }),
      channelStep: 1,
      watched,
    });
    await copyFile(files.weights, join(folder, weightsFile));
    await writeFile(join(folder, 'watched.onnx'), graph);
    return await InferenceSession.create(join(folder, 'watched.onnx'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

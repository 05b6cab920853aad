// Makes a model's weights, its two ONNX graphs and the checksums of its manifest from an npz of weights.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../src/core/package-root.ts';
import { readNetwork } from '../src/detector/network.ts';
import { readSafetensors } from '../src/detector/safetensors.ts';
import { onnxGraph } from './onnx/onnx-graph.ts';
import { checkWeights } from './weights/check-weights.ts';
import { readNpz } from './weights/npz.ts';
import { writeSafetensors } from './weights/write-safetensors.ts';

/** The parts of a manifest that this script reads and writes. */
interface Manifest {
  readonly files: Readonly<Record<'network' | 'weights' | 'onnx' | 'wasm', string>>;
  sha256: Record<string, string>;
}

/**
 * Onnxruntime's blocks are 16 floats with AVX-512 and 8 with AVX2. On one thread with AVX-512 a picture took 17.1 ms
 * with the channels as they are, 14.2 with multiples of 8 and 12.9 with 16; in WebAssembly 40, 45 and 46.
 */
const NATIVE_CHANNEL_STEP = 16;

export interface ConvertOptions {
  readonly npz: string;
  /** Folder of the model: `model.json` and `network.json` are there, the rest is written. */
  readonly folder: string;
  readonly log?: (line: string) => void;
}

/**
 * Writes weights, graphs and checksums into the model's folder. The same npz gives the same bytes.
 *
 * @throws Error with one sentence when the npz does not hold the weights of the folder's network; then nothing
 *   has been written.
 */
export function convertWeights({ npz, folder, log = () => {} }: ConvertOptions): void {
  const manifestPath = join(folder, 'model.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest;
  const { files } = manifest;
  const networkBytes = readFileSync(join(folder, files.network));
  const network = readNetwork(JSON.parse(networkBytes.toString('utf8')), files.network);

  const weights = writeSafetensors(checkWeights(network, readNpz(readFileSync(npz))));
  const places = readSafetensors(weights);
  const graph = (channelStep: number) =>
    onnxGraph(network, { weightsFile: files.weights, places, channelStep });
  const written = new Map<string, Uint8Array>([
    [files.weights, weights],
    [files.onnx, graph(NATIVE_CHANNEL_STEP)],
    [files.wasm, graph(1)],
  ]);

  for (const [name, bytes] of written) {
    writeFileSync(join(folder, name), bytes);
    log(`wrote ${name}: ${bytes.length} bytes`);
  }
  manifest.sha256 = Object.fromEntries(
    [[files.network, networkBytes] as const, ...written].map(([name, bytes]) => [name, sha256(bytes)]),
  );
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  log(`wrote model.json: ${Object.keys(manifest.sha256).length} checksums`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

if (import.meta.main) {
  const program = new Command('convert-weights')
    .description('Makes weights, ONNX graphs and checksums of a model from an npz of float16 arrays.')
    .argument('<npz>', 'arrays NAME.weight and NAME.bias for each convolution of network.json')
    .option('--out <folder>', 'folder of the model', join(packageRoot, 'models/tiny-ssd'))
    .parse();
  const [npz] = program.args as [string];
  try {
    convertWeights({ npz, folder: program.opts<{ out: string }>().out, log: (line) => console.log(line) });
  } catch (error) {
    program.error(`${npz}: ${(error as Error).message}`);
  }
}

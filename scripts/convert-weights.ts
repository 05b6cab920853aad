// Makes a model's weights, its ONNX graphs and the checksums of its manifest from an npz of weights.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../src/core/package-root.ts';
import { readNetwork } from '../src/detector/network.ts';
import { checkWeights } from './weights/check-weights.ts';
import { readNpz } from './weights/npz.ts';
import { writeGraphs } from './weights/write-graphs.ts';
import { writeSafetensors } from './weights/write-safetensors.ts';

/** The part of a manifest that this script reads. */
interface Manifest {
  readonly files: Readonly<Record<'network' | 'weights', string>>;
}

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
  const { files } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as Manifest;
  const network = readNetwork(JSON.parse(readFileSync(join(folder, files.network), 'utf8')), files.network);
  const weights = writeSafetensors(checkWeights(network, readNpz(readFileSync(npz))));
  writeFileSync(join(folder, files.weights), weights);
  log(`wrote ${files.weights}: ${weights.length} bytes`);
  writeGraphs(folder, log);
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

// Makes a model's weights, its ONNX graphs and the checksums of its manifest from an npz of weights.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
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

/**
 * Begins a model of other labels: the shipped one's description, in a folder of its own, for weights that were trained
 * on these labels. An older description in the folder is written over.
 */
export function newModel(folder: string, labels: readonly string[]): void {
  const shipped = join(packageRoot, 'models/tiny-ssd');
  const read = (name: string) => JSON.parse(readFileSync(join(shipped, name), 'utf8')) as object;
  const name = basename(resolve(folder));
  const card = `# ${name}\n\nTiny SSD, trained on ${labels.join(', ')}.\n`;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  mkdirSync(folder, { recursive: true });
  write('network.json', json({ ...read('network.json'), classes: labels.length }));
  write('model.json', json({ ...read('model.json'), name, title: name, labels }));
  write('MODEL.md', card);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  const program = new Command('convert-weights')
    .description('Makes weights, ONNX graphs and checksums of a model from an npz of float16 arrays.')
    .argument('<npz>', 'arrays NAME.weight and NAME.bias for each convolution of network.json')
    .option('--out <folder>', 'folder of the model', join(packageRoot, 'models/tiny-ssd'))
    .option('--labels <a,b>', 'begin a new model of these labels in the folder')
    .parse();
  const [npz] = program.args as [string];
  const { out: folder, labels } = program.opts<{ out: string; labels?: string }>();
  try {
    if (labels !== undefined)
      newModel(
        folder,
        labels.split(',').map((label) => label.trim()),
      );
    convertWeights({ npz, folder, log: (line) => console.log(line) });
  } catch (error) {
    program.error(`${npz}: ${(error as Error).message}`);
  }
}

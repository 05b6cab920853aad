import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { asError, FalconetError } from '../core/error.ts';
import { packageRoot } from '../core/package-root.ts';
import { countNetwork } from '../detector/convolutions.ts';
import { loadManifest, type Model } from '../detector/manifest.ts';
import { cardSection } from './model/card-section.ts';

interface ModelOptions {
  readonly json: boolean;
}

/** A model of the package, or why it cannot be used. */
type Listed =
  | { readonly name: string; readonly model: Model }
  | { readonly name: string; readonly fault: string };

/** `falconet model`: which networks are here, and what is in one. */
export function modelCommand(): Command {
  const command = new Command('model').description('say which models are here, and what one knows');
  command
    .command('list')
    .description('the models of the package, each with its checksums verified')
    .option('--json', 'one JSON array on stdout', false)
    .action(list);
  command
    .command('show')
    .description('one model: licence, input, labels, files, and the figures of its card')
    .argument('[model]', 'name of a model in the package, or a folder', 'tiny-ssd')
    .option('--json', 'one JSON object on stdout', false)
    .action(show);
  return command;
}

async function list({ json }: ModelOptions): Promise<void> {
  const folder = join(packageRoot, 'models');
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const models = await Promise.all(names.sort().map(load));
  if (json) console.log(JSON.stringify(models.map(listJson), null, 2));
  else for (const model of models) console.log(listLine(model));
  if (models.some((model) => 'fault' in model)) process.exitCode = 1;
}

async function load(name: string): Promise<Listed> {
  try {
    return { name, model: await loadManifest(name) };
  } catch (error) {
    if (!(error instanceof FalconetError)) throw error;
    return { name, fault: error.message };
  }
}

function listJson(listed: Listed): object {
  if ('fault' in listed) return { ...listed, good: false };
  const { name, title, version, license, folder, labels } = listed.model;
  return { name, good: true, title, version, license, folder, labels: labels.length };
}

function listLine(listed: Listed): string {
  if ('fault' in listed) return `${listed.name.padEnd(12)} ${styleText('red', listed.fault)}`;
  const { name, title, version, license, network } = listed.model;
  const size = `${network.inputSize}x${network.inputSize}`;
  return `${name.padEnd(12)} ${title}, ${version}, ${size}, ${license}, checksums good`;
}

async function show(wanted: string, { json }: ModelOptions): Promise<void> {
  const model = await loadManifest(wanted);
  const files = await Promise.all(
    Object.entries(model.files).map(async ([use, path]) => ({
      use,
      file: basename(path),
      bytes: (await stat(path)).size,
    })),
  );
  const card = await readFile(model.card, 'utf8').catch((cause: unknown) => {
    throw new FalconetError('MODEL_MISSING', `${model.card}: ${asError(cause).message}`, { cause });
  });
  const figures = cardSection(card, 'Figures');
  if (json) console.log(JSON.stringify({ ...modelJson(model), files, figures: figures ?? null }, null, 2));
  else for (const line of modelText(model, files, figures)) console.log(line);
}

function modelJson({ name, title, version, license, folder, sha256, labels, network, floor }: Model): object {
  const { inputSize } = network;
  const counts = countNetwork(network);
  return {
    ...{ name, title, version, license, folder, sha256, good: true },
    ...{ input: [inputSize, inputSize], floor, labels },
    ...{ parameters: counts.parameters, multiply_accumulates: counts.multiplyAccumulates },
  };
}

interface FileFacts {
  readonly use: string;
  readonly file: string;
  readonly bytes: number;
}

function modelText(model: Model, files: readonly FileFacts[], figures: string | undefined): string[] {
  const { name, title, version, license, folder, sha256, labels, network, floor, card } = model;
  const { parameters, multiplyAccumulates } = countNetwork(network);
  const rows: [string, string][] = [
    ['model', `${name} ${version}: ${title}`],
    ['folder', folder],
    ['licence', license],
    ['input', `${network.inputSize}x${network.inputSize}, RGB`],
    ['size', `${thousands(parameters)} parameters, ${thousands(multiplyAccumulates)} multiply-accumulates`],
    ['scores', `from ${floor} upwards`],
    ['labels', labels.join(', ')],
    ['weights', `sha256 ${sha256}`],
    ...files.map(({ use, file, bytes }): [string, string] => [use, `${file}, ${thousands(bytes)} bytes`]),
    ['checksums', 'good'],
    ['card', card],
  ];
  const lines = rows.map(([key, text]) => `${key.padEnd(10)} ${text}`);
  return figures === undefined ? lines : [...lines, '', ...figures.split('\n')];
}

function thousands(value: number): string {
  return value.toLocaleString('en');
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { FalconetError } from '../core/error.ts';
import { packageRoot } from '../core/package-root.ts';
import { JsonObject } from './check-json.ts';
import { type Network, readNetwork } from './network.ts';
import { makePriors } from './priors.ts';

/** A model whose files are all there and are the ones that its manifest names. */
export interface Model {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly license: string;
  readonly folder: string;
  /** Absolute path of its description, Markdown. */
  readonly card: string;
  /** Of the weights' file, hex. */
  readonly sha256: string;
  /** One for each class of the network, in its order. */
  readonly labels: readonly string[];
  readonly network: Network;
  /** `[priors, 4]`, see priors.ts. */
  readonly priors: Float32Array;
  /** Least score that the detector emits. */
  readonly floor: number;
  /** IoU above which two boxes of a class are one object. */
  readonly nmsIou: number;
  /** Absolute paths. */
  readonly files: ModelFiles;
}

export interface ModelFiles {
  /** Float16, safetensors. The graphs refer to it by its name. */
  readonly weights: string;
  /** ONNX graph for onnxruntime-node. */
  readonly onnx: string;
  /** ONNX graph for onnxruntime-web. */
  readonly wasm: string;
  /** ONNX graph for onnxruntime-node that computes in bytes. */
  readonly int8?: string;
}

/**
 * The model in `wanted`: a folder with a `model.json`, or the bare name of one that ships with the package.
 *
 * @param from - where a relative path starts.
 * @throws MODEL_MISSING when the folder or a file of it cannot be read; MODEL_CHECKSUM when a file is another
 *   than the manifest names; MODEL_INVALID when manifest and network make no sense or do not fit together.
 */
export async function loadManifest(wanted: string, from = process.cwd()): Promise<Model> {
  const folder = modelFolder(wanted, from);
  const manifest = new JsonObject(await readJson(folder, 'model.json'), 'model.json');
  const checksums = manifest.object('sha256');
  await Promise.all(checksums.keys().map((name) => verify(folder, name, checksums.text(name))));

  const files = manifest.object('files');
  const fileFor = (use: string): string => checkedName(files.text(use), checksums);
  const networkFile = fileFor('network');
  const network = readNetwork(await readJson(folder, networkFile), networkFile);
  const model: Model = {
    name: manifest.text('name'),
    title: manifest.text('title'),
    version: manifest.text('version'),
    license: manifest.text('license'),
    folder,
    card: join(folder, checkedPath(manifest.text('card'))),
    sha256: checksums.text(fileFor('weights')),
    labels: manifest.texts('labels'),
    network,
    priors: makePriors(network),
    floor: manifest.fraction('floor'),
    nmsIou: manifest.fraction('nmsIou'),
    files: {
      weights: join(folder, fileFor('weights')),
      onnx: join(folder, fileFor('onnx')),
      wasm: join(folder, fileFor('wasm')),
      ...(files.keys().includes('int8') && { int8: join(folder, fileFor('int8')) }),
    },
  };
  checkFit(manifest, model);
  return model;
}

/** A bare name means a folder of the package; anything with a slash, a path. */
function modelFolder(wanted: string, from: string): string {
  const isName = basename(wanted) === wanted && !isAbsolute(wanted) && !wanted.startsWith('.');
  return isName ? join(packageRoot, 'models', wanted) : resolve(from, wanted);
}

async function verify(folder: string, name: string, expected: string): Promise<void> {
  const bytes = await read(folder, checkedPath(name));
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === expected) return;
  throw new FalconetError(
    'MODEL_CHECKSUM',
    `${join(folder, name)}: expected sha256 ${expected}, got ${actual}`,
    {
      hint: 'Install the model again; a file that was changed on purpose needs its new sha256 in model.json',
      facts: { file: name, expected, actual },
    },
  );
}

/** A file that is used but not listed would go unverified. */
function checkedName(name: string, checksums: JsonObject): string {
  checksums.text(name);
  return checkedPath(name);
}

/** A manifest names files of its own folder only. */
function checkedPath(name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return name;
  throw new FalconetError('MODEL_INVALID', `model.json: expected the name of a file beside it, got ${name}`);
}

/** The part of the manifest that says what the graph expects; nothing else is built. */
function checkFit(manifest: JsonObject, { network, labels }: Model): void {
  manifest.oneOf('output', ['ssd']);
  const input = manifest.object('input');
  input.oneOf('colour', ['rgb']);
  input.oneOf('layout', ['hwc']);
  input.oneOf('resize', ['stretch']);
  const { inputSize, classes } = network;
  const [width, height] = [input.whole('width', 1), input.whole('height', 1)];
  const hint = 'Use a manifest and a network of the same model';
  if (labels.length !== classes) {
    const message = `model.json: expected ${classes} labels, as many as the network has, got ${labels.length}`;
    throw new FalconetError('MODEL_INVALID', message, { hint });
  }
  if (width !== inputSize || height !== inputSize) {
    const message = `model.json: expected an input of ${inputSize} x ${inputSize}, got ${width} x ${height}`;
    throw new FalconetError('MODEL_INVALID', message, { hint });
  }
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const bytes = await read(folder, name);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new FalconetError('MODEL_INVALID', `${join(folder, name)}: expected JSON`, {
      cause,
      hint: 'Install the model again, or correct this file',
    });
  }
}

async function read(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw new FalconetError('MODEL_MISSING', `${join(folder, name)} cannot be read`, {
      cause,
      hint: 'Give the folder of a model, or the name of one that ships with Falconet, such as tiny-ssd',
    });
  }
}

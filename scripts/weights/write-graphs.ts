import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../../src/detector/network.ts';
import { readSafetensors } from '../../src/detector/safetensors.ts';
import { BYTE_STEPS_FILE, readByteSteps } from '../int8/byte-steps.ts';
import { int8Graph } from '../int8/int8-graph.ts';
import { FloatArithmetic } from '../onnx/float-arithmetic.ts';
import { onnxGraph } from '../onnx/onnx-graph.ts';

/** The parts of a manifest that the scripts read and write. */
interface Manifest {
  readonly files: Record<'network' | 'weights' | 'onnx' | 'wasm', string> & { int8?: string };
  sha256: Record<string, string>;
}

/**
 * Onnxruntime's blocks are 16 floats with AVX-512 and 8 with AVX2. On one thread with AVX-512 a picture took 17.1 ms
 * with the channels as they are, 14.2 with multiples of 8 and 12.9 with 16; in WebAssembly 40, 45 and 46.
 */
const NATIVE_CHANNEL_STEP = 16;

/**
 * Writes the graphs and checksums of the network and weights in a model's folder. The int8 graph needs byte steps
 * that were measured with these very weights; without them there is none. The same files give the same bytes.
 */
export function writeGraphs(folder: string, log: (line: string) => void): void {
  const manifestPath = join(folder, 'model.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest;
  const { files } = manifest;
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const network = readNetwork(JSON.parse(read(files.network).toString('utf8')), files.network);
  const weights = read(files.weights);
  const source = { weightsFile: files.weights, places: readSafetensors(weights) };
  const graph = (channelStep: number) =>
    onnxGraph(network, { arithmetic: (file) => new FloatArithmetic(file, source), channelStep });

  const graphs = new Map([
    [files.onnx, graph(NATIVE_CHANNEL_STEP)],
    [files.wasm, graph(1)],
  ]);
  const int8 = files.int8 ?? files.wasm.replace(/(\.onnx)?$/, '-int8.onnx');
  const steps = readByteSteps(join(folder, BYTE_STEPS_FILE));
  if (steps?.weights === sha256(weights)) {
    graphs.set(int8, int8Graph(network, weights, steps));
    files.int8 = int8;
  } else {
    delete files.int8;
    rmSync(join(folder, int8), { force: true });
    const command = `node scripts/quantize.ts PHOTOGRAPHS --out ${folder}`;
    log(`wrote no int8 graph: its byte steps were not measured with these weights; run ${command}`);
  }

  for (const [name, bytes] of graphs) {
    writeFileSync(join(folder, name), bytes);
    log(`wrote ${name}: ${bytes.length} bytes`);
  }
  const names = [files.network, files.weights, ...graphs.keys()];
  manifest.sha256 = Object.fromEntries(names.map((name) => [name, sha256(read(name))]));
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  log(`wrote model.json: ${names.length} checksums`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

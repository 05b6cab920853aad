import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { Model } from '../manifest.ts';
import type { Engine } from './engine.ts';
import { oneThread, ortEngine } from './ort.ts';

/** ONNX Runtime in WebAssembly: slower than the native build, and runs wherever Node does. */
export async function loadWasm(model: Model): Promise<Engine> {
  const version = `onnxruntime-web ${env.versions.web}`;
  return ortEngine({ name: 'wasm', version }, await openWasmSession(model), Tensor);
}

/** A session of the model's graph; WebAssembly sees no files, so the weights are handed in by name. */
export async function openWasmSession({ files }: Model): Promise<InferenceSession> {
  // More would start worker threads; measured in Node, two took twice as long as one.
  env.wasm.numThreads = 1;
  const [graph, data] = await Promise.all([readFile(files.wasm), readFile(files.weights)]);
  return InferenceSession.create(graph, {
    ...oneThread,
    executionProviders: ['wasm'],
    externalData: [{ path: basename(files.weights), data }],
  });
}

import type { InferenceSession } from 'onnxruntime-web';
import type { Model } from '../manifest.ts';
import type { Engine, Precision } from './engine.ts';
import { oneThread, ortEngine } from './ort.ts';

/** ONNX Runtime's native build: the fastest wherever it comes for the machine at all. */
export async function loadOnnx(model: Model, precision: Precision): Promise<Engine> {
  // An optional dependency: npm leaves it out, silently, where it has no build.
  const { env, Tensor } = await import('onnxruntime-node');
  const numbers = precision === 'fp32' ? '' : ` (${precision})`;
  const version = `onnxruntime-node ${env.versions.node}${numbers}`;
  return ortEngine({ name: 'onnx', version }, await openOnnxSession(model, precision), Tensor);
}

/**
 * A session of the model's graph; the runtime itself reads the weights, from the graph or the file beside it.
 *
 * @throws Error when int8 is asked for and the model has no such graph.
 */
export async function openOnnxSession({ files }: Model, precision: Precision): Promise<InferenceSession> {
  const { InferenceSession } = await import('onnxruntime-node');
  const graph = precision === 'int8' ? files.int8 : files.onnx;
  if (graph === undefined) throw new Error(`expected a graph for ${precision}, the model has none`);
  return InferenceSession.create(graph, { ...oneThread, executionProviders: ['cpu'] });
}

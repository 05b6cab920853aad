import type { InferenceSession } from 'onnxruntime-web';
import type { Model } from '../manifest.ts';
import type { Engine } from './engine.ts';
import { oneThread, ortEngine } from './ort.ts';

/** ONNX Runtime's native build: the fastest wherever it comes for the machine at all. */
export async function loadOnnx(model: Model): Promise<Engine> {
  // An optional dependency: npm leaves it out, silently, where it has no build.
  const { env, Tensor } = await import('onnxruntime-node');
  const version = `onnxruntime-node ${env.versions.node}`;
  return ortEngine({ name: 'onnx', version }, await openOnnxSession(model), Tensor);
}

/** A session of the model's graph; the runtime itself reads the weights from the file beside it. */
export async function openOnnxSession(model: Model): Promise<InferenceSession> {
  const { InferenceSession } = await import('onnxruntime-node');
  return InferenceSession.create(model.files.onnx, { ...oneThread, executionProviders: ['cpu'] });
}

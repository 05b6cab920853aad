import { asError, FalconetError } from '../../core/error.ts';
import type { Model } from '../manifest.ts';
import type { Engine, EngineName, Precision } from './engine.ts';

interface Recipe {
  /** Imported only when asked for: the others' native parts stay out of the process. */
  readonly load: (model: Model, precision: Precision) => Promise<Engine>;
  readonly library: string;
}

const recipes: Readonly<Record<EngineName, Recipe>> = {
  onnx: {
    load: async (model, precision) => (await import('./onnx.ts')).loadOnnx(model, precision),
    library: 'onnxruntime-node',
  },
  tfjs: {
    load: async (model) => (await import('./tfjs.ts')).loadTfjs(model),
    library: '@tensorflow/tfjs-node',
  },
  wasm: {
    load: async (model) => (await import('./wasm.ts')).loadWasm(model),
    library: 'onnxruntime-web',
  },
};

/**
 * An engine with the model in it. Only `onnx` computes in int8; the others take no notice of `precision`.
 *
 * @throws ENGINE_FAILED with what to install when its library does not load or does not take the model.
 */
export async function loadEngine(
  name: EngineName,
  model: Model,
  precision: Precision = 'fp32',
): Promise<Engine> {
  const { load, library } = recipes[name];
  try {
    return await load(model, precision);
  } catch (cause) {
    throw refusal(library, cause);
  }
}

function refusal(library: string, cause: unknown): FalconetError {
  const { message, code } = asError(cause) as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const why = isMissing ? `${library} is not installed` : `${library} does not load: ${firstLine(message)}`;
  const hint = isMissing ? `Run: npm install ${library}` : `Install ${library} again, or use another engine`;
  return new FalconetError('ENGINE_FAILED', why, { hint, cause });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

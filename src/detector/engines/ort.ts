import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web';
import type { Engine, EngineVersion } from './engine.ts';

/** What both builds of ONNX Runtime are told: one thread, one operator after the other. Scale by processes. */
export const oneThread: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/** An engine on a session of either build of ONNX Runtime; the graph itself cuts and stretches the square. */
export function ortEngine(
  version: EngineVersion,
  session: InferenceSession,
  TensorOf: TensorConstructor,
): Engine {
  return {
    ...version,
    async run(pixels, width, height, { x, y, width: across, height: down }) {
      const corners = BigInt64Array.from([y, x, y + down, x + across], BigInt);
      const { offsets, logits } = await session.run({
        frame: new TensorOf('uint8', pixels, [height, width, 3]),
        square: new TensorOf('int64', corners, [4]),
      });
      return { offsets: floats(offsets), logits: floats(logits) };
    },
  };
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`expected float32 outputs named offsets and logits, got ${tensor?.type ?? 'none'}`);
}

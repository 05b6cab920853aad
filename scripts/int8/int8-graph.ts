import type { Network } from '../../src/detector/network.ts';
import { readFloats, readSafetensors, type TensorPlace } from '../../src/detector/safetensors.ts';
import { onnxGraph } from '../onnx/onnx-graph.ts';
import type { ByteSteps } from './byte-steps.ts';
import { Int8Arithmetic } from './int8-arithmetic.ts';
import { type FloatConvolution, lessBackground } from './whole-numbers.ts';

/** Onnxruntime's whole-number kernels take channels in eights; sixteens were no faster and a tenth larger. */
const CHANNEL_STEP = 8;

/**
 * The ONNX model of `network` that computes in bytes and holds its weights itself.
 *
 * As {@link onnxGraph}, but for `logits`: each prior's are less its background's, and none is below -10.
 *
 * @param weights - a safetensors file.
 */
export function int8Graph(network: Network, weights: Uint8Array, { features }: ByteSteps): Uint8Array {
  const places = readSafetensors(weights);
  const floats = (name: string) => readFloats(weights, places.get(name) as TensorPlace);
  const scoring = new Set(network.heads.map(({ name }) => `${name}.conf`));
  const convolution = (name: string): FloatConvolution => {
    const plain = { weights: floats(`${name}.weight`), biases: floats(`${name}.bias`) };
    return scoring.has(name) ? lessBackground(plain, network.classes + 1) : plain;
  };
  return onnxGraph(network, {
    arithmetic: (file) => new Int8Arithmetic(file, { convolution, features }),
    channelStep: CHANNEL_STEP,
  });
}

import type { EngineName, Precision } from '../../src/detector/engines/engine.ts';

/** A way to run a model of ours. */
export interface Form {
  readonly engine: EngineName;
  readonly precision: Precision;
}

/** Those that a card has figures of; TensorFlow.js computes what WebAssembly does, where it is installed. */
export const FORMS: readonly Form[] = [
  { engine: 'onnx', precision: 'fp32' },
  { engine: 'onnx', precision: 'int8' },
  { engine: 'wasm', precision: 'fp32' },
];

export function formName({ engine, precision }: Form): string {
  return `${precision} on ${engine}`;
}

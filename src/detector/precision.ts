import { FalconetError } from '../core/error.ts';
import type { EngineName, Precision } from './engines/engine.ts';

export type PrecisionChoice = 'auto' | Precision;

export interface PrecisionWish {
  readonly wanted: PrecisionChoice;
  readonly engine: EngineName;
  /** Whether the model has an int8 graph. */
  readonly hasInt8: boolean;
  /** The CPU's instruction for it, see cpu-features.ts. */
  readonly dotProduct: string | undefined;
}

/**
 * In which numbers an engine computes, and why; `auto` is int8 where that is faster.
 *
 * @throws ENGINE_FAILED when int8 is asked for and the engine or the model has none.
 */
export function choosePrecision(wish: PrecisionWish): { precision: Precision; why: string } {
  const { wanted, engine, hasInt8, dotProduct } = wish;
  const lack = engine !== 'onnx' ? `${engine} has no int8` : hasInt8 ? undefined : 'the model has no int8';
  if (wanted === 'fp32') return { precision: 'fp32', why: 'the configuration asks for it' };
  if (wanted === 'int8') {
    if (lack === undefined) return { precision: 'int8', why: 'the configuration asks for it' };
    const hint = 'Set model.precision to auto, or take the engine onnx and a model with int8';
    throw new FalconetError('ENGINE_FAILED', lack, { hint });
  }
  if (lack !== undefined) return { precision: 'fp32', why: lack };
  return dotProduct === undefined
    ? { precision: 'fp32', why: 'the CPU has no dot product of bytes' }
    : { precision: 'int8', why: `the CPU has ${dotProduct}` };
}

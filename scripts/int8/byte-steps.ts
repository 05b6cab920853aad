import { readFileSync } from 'node:fs';

/** What the bytes of a feature map stand for: `step * (byte - zero)`. */
export interface ByteStep {
  readonly step: number;
  /** 0..255. */
  readonly zero: number;
}

/** What a network's bytes stand for, as measured on photographs. */
export interface ByteSteps {
  /** sha256 of the weights that it was measured with; with others it does not fit. */
  readonly weights: string;
  /** How many photographs. */
  readonly pictures: number;
  /**
   * By the name of the convolution whose output it is, and of the picture as `input`. What is joined has the
   * same, and where a ReLU follows the zero is 0: what is below saturates there, which is the ReLU.
   */
  readonly features: Readonly<Record<string, ByteStep>>;
}

/** Lies beside the model's manifest. */
export const BYTE_STEPS_FILE = 'int8-steps.json';

/** Undefined where there is no such file. */
export function readByteSteps(path: string): ByteSteps | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ByteSteps;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

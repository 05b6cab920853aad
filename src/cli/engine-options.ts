import { Option } from 'commander';

/** `--engine`, for commands that look at pictures themselves. */
export function engineOption(): Option {
  return new Option('--engine <engine>', 'what computes')
    .choices(['auto', 'onnx', 'wasm', 'tfjs'])
    .default('auto');
}

/** `--precision`, beside it. */
export function precisionOption(byDefault: 'auto' | 'fp32'): Option {
  return new Option('--precision <precision>', 'in which numbers')
    .choices(['auto', 'fp32', 'int8'])
    .default(byDefault);
}

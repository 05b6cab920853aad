import type { HalfArray } from './npz.ts';

/** A safetensors file of the arrays, in their order (https://github.com/huggingface/safetensors#format). */
export function writeSafetensors(arrays: ReadonlyMap<string, HalfArray>): Buffer {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, { shape, bytes }] of arrays) {
    header[name] = { dtype: 'F16', shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const text = JSON.stringify(header);
  // Spaces bring the data to a multiple of 8, as the format asks.
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...[...arrays.values()].map(({ bytes }) => bytes)]);
}

import { inflateRawSync } from 'node:zlib';

/** One array of 16-bit floats, little-endian, last index fastest. */
export interface HalfArray {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Arrays of a numpy `.npz` by name, the order kept: a zip (APPNOTE.TXT 6.3.10, 4.3) of `.npy` files
 * (numpy.lib.format), stored or deflated.
 *
 * @throws Error with one sentence when the file is no npz or an array is not float16 in C order.
 */
export function readNpz(file: Buffer): Map<string, HalfArray> {
  const arrays = new Map<string, HalfArray>();
  try {
    for (const { name, bytes } of zipEntries(file))
      arrays.set(name.replace(/\.npy$/, ''), readNpy(name, bytes));
  } catch (cause) {
    // A length that leads out of the file, or bytes that do not unpack.
    if (cause instanceof NpzError) throw cause;
    throw new NpzError('expected an npz, got a damaged one', { cause });
  }
  return arrays;
}

class NpzError extends Error {}

function* zipEntries(file: Buffer): Generator<{ name: string; bytes: Buffer }> {
  const end = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new NpzError('expected an npz (a zip file), got other bytes');
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const method = file.readUInt16LE(at + 10);
    const packedLength = file.readUInt32LE(at + 20);
    const nameLength = file.readUInt16LE(at + 28);
    const local = file.readUInt32LE(at + 42);
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    // The local header repeats name and extra field, and its extra field may have another length.
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + packedLength);
    yield { name, bytes: unpack(name, method, packed) };
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
}

function unpack(name: string, method: number, packed: Buffer): Buffer {
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new NpzError(`${name}: expected a stored or deflated entry, got method ${method}`);
}

function readNpy(name: string, bytes: Buffer): HalfArray {
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new NpzError(`${name}: expected an npy file, got other bytes`);
  const isVersion1 = bytes[6] === 1;
  const start = isVersion1 ? 10 : 12;
  const headerLength = isVersion1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString('latin1', start, start + headerLength);
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const isHalf = header.includes("'descr': '<f2'") && header.includes("'fortran_order': False");
  if (!isHalf) throw new NpzError(`${name}: expected float16 in C order, got ${header.trim()}`);
  return { shape, bytes: bytes.subarray(start + headerLength) };
}

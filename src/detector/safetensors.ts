import { FalconetError } from '../core/error.ts';

/** Where one array of 16-bit floats lies in a safetensors file. */
export interface TensorPlace {
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/**
 * Where each array of a safetensors file lies, by name
 * (https://github.com/huggingface/safetensors#format: 8 bytes of length, a JSON header, the data).
 *
 * @throws MODEL_INVALID when the file is damaged or holds anything but little-endian 16-bit floats.
 */
export function readSafetensors(file: Uint8Array): ReadonlyMap<string, TensorPlace> {
  const { header, dataStart } = readHeader(file);
  const places = new Map<string, TensorPlace>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    places.set(name, placeOf(name, entry, dataStart, file.length));
  }
  return places;
}

/** The array at `place` of `file` as 32-bit floats, exactly. */
export function readFloats(file: Uint8Array, place: TensorPlace): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset + place.offset, place.length);
  return Float32Array.from({ length: place.length / 2 }, (_, i) => fromHalf(view.getUint16(2 * i, true)));
}

/** The number that a half-precision pattern stands for (IEEE 754-2019, 3.4, binary16). */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

interface HeaderEntry {
  readonly dtype?: unknown;
  readonly shape?: unknown;
  readonly data_offsets?: unknown;
}

function readHeader(file: Uint8Array): { header: Record<string, HeaderEntry>; dataStart: number } {
  try {
    const length = Number(new DataView(file.buffer, file.byteOffset, file.length).getBigUint64(0, true));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length));
    return { header: JSON.parse(text) as Record<string, HeaderEntry>, dataStart: 8 + length };
  } catch (cause) {
    throw invalid('expected a safetensors file, got other bytes', cause);
  }
}

function placeOf(name: string, entry: HeaderEntry, dataStart: number, fileLength: number): TensorPlace {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F16') throw invalid(`expected ${name} to be of type F16, got ${String(dtype)}`);
  if (!isWholeList(shape) || !isWholeList(offsets))
    throw invalid(`expected ${name} to have a shape and offsets`);
  const [begin = 0, end = 0] = offsets;
  const length = 2 * shape.reduce((product, side) => product * side, 1);
  if (end - begin !== length || dataStart + end > fileLength) {
    throw invalid(`expected ${name} to have ${length} bytes within the file, got ${begin} to ${end}`);
  }
  return { shape, offset: dataStart + begin, length };
}

function isWholeList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= 0);
}

function invalid(message: string, cause?: unknown): FalconetError {
  return new FalconetError('MODEL_INVALID', `weights: ${message}`, {
    cause,
    hint: 'Install the model again',
  });
}

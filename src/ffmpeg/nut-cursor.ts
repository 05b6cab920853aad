import { FalconetError } from '../core/error.ts';

/** A value of more bytes than this is no NUT number that ffmpeg writes. */
const MAX_VARINT_BYTES = 9;

/** The error of every NUT file: what was expected, what came. */
export function badBytes(sentence: string): FalconetError {
  return new FalconetError('SOURCE_BYTES', `ffmpeg's output: ${sentence}`, {
    hint: 'Check that the configured ffmpeg is a plain ffmpeg that writes nothing else to its standard output',
  });
}

/**
 * Reads NUT's primitive types (NUT specification, "Basic data types") from the first `end` bytes of a buffer.
 * Reading past the end gives 0 and sets `exhausted`, so a caller tries, looks, and tries again with more bytes.
 */
export class NutCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  exhausted = false;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** f(8). */
  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined;
    if (value === undefined) {
      this.exhausted = true;
      return 0;
    }
    this.at++;
    return value;
  }

  /** v: seven bits a byte, most significant first, the top bit says that more follow. */
  unsigned(): number {
    let value = 0;
    for (let count = 0; count < MAX_VARINT_BYTES; count++) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    throw badBytes(`expected a number of at most ${MAX_VARINT_BYTES} bytes, got a longer one`);
  }

  /** s: 0, 1, -1, 2, -2, ... as 0, 1, 2, 3, 4, ... */
  signed(): number {
    const value = this.unsigned() + 1;
    const half = Math.floor(value / 2);
    return value % 2 === 1 ? -half : half;
  }

  /** vb: a length, then that many bytes; a view, not a copy. */
  blob(): Uint8Array {
    const length = this.unsigned();
    const start = this.at;
    this.skip(length);
    return this.bytes.subarray(start, this.at);
  }

  skip(count: number): void {
    if (this.at + count > this.end) this.exhausted = true;
    this.at = Math.min(this.end, this.at + count);
  }
}

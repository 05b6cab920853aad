import { FalconetError } from '../core/error.ts';

/** A part of a fragmented MP4 (ISO/IEC 14496-12) that is of use by itself. */
export type Mp4Part =
  | {
      readonly kind: 'start';
      /** `ftyp` and `moov`. */
      readonly bytes: Uint8Array;
      /** Such as `avc1.64001F` (RFC 6381, ISO/IEC 14496-15); undefined for what is not H.264. */
      readonly codec: string | undefined;
    }
  | {
      readonly kind: 'fragment';
      /** `moof` and `mdat`. */
      readonly bytes: Uint8Array;
      /** Its first picture stands for itself. */
      readonly isKey: boolean;
    };

/** A picture of a camera is far below; what is above is no MP4. */
const MOST_BYTES = 32_000_000;
const HEADER_BYTES = 8;

/** Cuts a stream of bytes, in pieces of any size, into the start of the file and its fragments. */
export class FragmentReader {
  #bytes: Buffer = Buffer.alloc(0);
  /** Boxes that belong to the next part. */
  #boxes: Buffer[] = [];

  /** @throws SOURCE_BYTES for what is no MP4, or a box larger than 32 MB. */
  push(chunk: Uint8Array): Mp4Part[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const parts: Mp4Part[] = [];
    for (let box = this.#nextBox(); box !== undefined; box = this.#nextBox()) {
      this.#boxes.push(box);
      const type = typeOf(box);
      if (type !== 'moov' && type !== 'mdat') continue;
      const bytes = Buffer.concat(this.#boxes);
      const moof = this.#boxes.find((one) => typeOf(one) === 'moof');
      this.#boxes = [];
      if (type === 'moov') parts.push({ kind: 'start', bytes, codec: codecOf(bytes) });
      else if (moof !== undefined) parts.push({ kind: 'fragment', bytes, isKey: isKey(moof) });
    }
    return parts;
  }

  #nextBox(): Buffer | undefined {
    if (this.#bytes.length < HEADER_BYTES) return undefined;
    const size = this.#bytes.readUInt32BE(0);
    if (size < HEADER_BYTES || size > MOST_BYTES) {
      throw new FalconetError('SOURCE_BYTES', `expected an MP4 box of 8 to ${MOST_BYTES} bytes, got ${size}`);
    }
    if (this.#bytes.length < size) return undefined;
    const box = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return box;
  }
}

function typeOf(box: Buffer): string {
  return box.toString('latin1', 4, 8);
}

/** Profile, its constraints and level stand in `avcC` behind the version (ISO/IEC 14496-15, 5.3.3.1). */
function codecOf(start: Buffer): string | undefined {
  const at = start.indexOf('avcC', 0, 'latin1');
  const bytes = start.subarray(at + 5, at + 8);
  return at < 0 || bytes.length < 3 ? undefined : `avc1.${bytes.toString('hex').toUpperCase()}`;
}

/** Bits of the flags of `tfhd` (8.8.7) and `trun` (8.8.8), and of a sample (8.8.3.1). */
const TFHD = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400 } as const;
const IS_NOT_SYNC = 0x10000;

function isKey(moof: Buffer): boolean {
  const flags = firstSampleFlags(moof) ?? defaultFlags(moof);
  return flags !== undefined && (flags & IS_NOT_SYNC) === 0;
}

function firstSampleFlags(moof: Buffer): number | undefined {
  const box = boxIn(moof, 'trun');
  if (box === undefined) return undefined;
  const flags = flagsOf(box);
  const first = 16 + (flags & TRUN.dataOffset ? 4 : 0); // behind the header and the count of samples
  if (flags & TRUN.firstFlags) return numberAt(box, first);
  if (!(flags & TRUN.flags)) return undefined;
  return numberAt(box, first + (flags & TRUN.duration ? 4 : 0) + (flags & TRUN.size ? 4 : 0));
}

function defaultFlags(moof: Buffer): number | undefined {
  const box = boxIn(moof, 'tfhd');
  if (box === undefined) return undefined;
  const flags = flagsOf(box);
  if (!(flags & TFHD.flags)) return undefined;
  const before = (flags & TFHD.baseDataOffset ? 8 : 0) + (flags & TFHD.description ? 4 : 0);
  return numberAt(box, 16 + before + (flags & TFHD.duration ? 4 : 0) + (flags & TFHD.size ? 4 : 0));
}

/** A box from its length on; `moof` holds few and nothing that looks like their names. */
function boxIn(moof: Buffer, type: string): Buffer | undefined {
  const at = moof.indexOf(type, 0, 'latin1');
  return at < 4 ? undefined : moof.subarray(at - 4);
}

/** The three bytes behind length, type and version. */
function flagsOf(box: Buffer): number {
  return (numberAt(box, 8) ?? 0) & 0xffffff;
}

function numberAt(box: Buffer, at: number): number | undefined {
  return at + 4 <= box.length ? box.readUInt32BE(at) : undefined;
}

import { badBytes, NutCursor } from './nut-cursor.ts';
import {
  type FrameHeader,
  type MainHeader,
  readFrameHeader,
  readMainHeader,
  readStreamHeader,
  readSyncpoint,
  type StreamHeader,
} from './nut-headers.ts';

/** Where pictures go: asked for a place before each, told after each. */
export interface PictureTarget {
  /** The pictures that follow are `width` x `height`. Called before the first, and again on a change. */
  size(width: number, height: number): void;
  /**
   * A place of `width * height * 3` bytes for the next picture, `skip` to pass over it, or `wait` to be asked
   * again by a later `push`.
   *
   * @param pts - ms since the first picture.
   */
  take(pts: number): Uint8Array | 'skip' | 'wait';
  /** The place last given is full. Not called for a picture that was skipped. */
  filled(): void;
}

const FILE_ID = Buffer.from('nut/multimedia container\0', 'latin1');
type PacketKind = 'main' | 'stream' | 'syncpoint' | 'index' | 'info';

const PACKETS: ReadonlyMap<bigint, PacketKind> = new Map([
  [0x4e4d7a561f5f04adn, 'main'],
  [0x4e5311405bf2f9dbn, 'stream'],
  [0x4e4be4adeeca4569n, 'syncpoint'],
  [0x4e58dd672f23e64en, 'index'],
  [0x4e49ab68b596ba78n, 'info'],
]);
const STARTCODE_BYTE = 0x4e;
const STARTCODE_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** A packet longer than this has a checksum after its length too. */
const LONG_PACKET = 4096;
/** ffmpeg's frame and packet headers have at most about 40 bytes. */
const HEADER_BYTES = 64;
/** Of packets that are read, not passed over; ffmpeg's main header has about 80 bytes. */
const MAX_PACKET_BYTES = 16_384;

/**
 * Incremental parser of NUT (the NUT specification, versions 2 to 4) as ffmpeg writes it for one stream of
 * rgb24 rawvideo.
 *
 * Pixels are copied once, from the chunk to the place that the target gives; besides that at most 16 KiB are
 * held. Checksums are not compared: a pipe flips no bits, and every picture must have its exact size.
 */
export class NutParser {
  readonly #target: PictureTarget;
  readonly #head = new Uint8Array(MAX_PACKET_BYTES);
  readonly #headView = new DataView(this.#head.buffer);
  #held = 0;
  /** How many bytes of head to gather before it is odd that they make no sense. */
  #wanted = HEADER_BYTES;
  #identified = false;
  #main: MainHeader | undefined;
  #stream: StreamHeader | undefined;
  #lastPts = 0;
  #firstPts: number | undefined;
  /** A picture that has no place yet. */
  #next: FrameHeader | undefined;
  #place: Uint8Array | undefined;
  #filled = 0;
  /** Bytes of the picture or of the unread packet that are still to come. */
  #left = 0;

  constructor(target: PictureTarget) {
    this.#target = target;
  }

  /**
   * Takes the next bytes, cut anywhere.
   *
   * @returns how many were taken: all, unless the target said `wait`; push the rest again later.
   * @throws SOURCE_BYTES when they are not NUT with one stream of rgb24; the parser is of no use after that.
   */
  push(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#next !== undefined && !this.#begin(this.#next)) break;
      at += this.#left > 0 ? this.#body(chunk, at) : this.#gather(chunk, at);
    }
    return at;
  }

  #begin(picture: FrameHeader): boolean {
    const place = this.#target.take(this.#toMs(picture.pts));
    if (place === 'wait') return false;
    this.#next = undefined;
    this.#left = picture.size - picture.elided.length;
    if (place === 'skip') return true;
    place.set(picture.elided);
    this.#place = place;
    this.#filled = picture.elided.length;
    return true;
  }

  #body(chunk: Uint8Array, at: number): number {
    const count = Math.min(this.#left, chunk.length - at);
    this.#left -= count;
    if (this.#place === undefined) return count;
    this.#place.set(chunk.subarray(at, at + count), this.#filled);
    this.#filled += count;
    if (this.#left === 0) {
      this.#place = undefined;
      this.#target.filled();
    }
    return count;
  }

  /** Adds to the head until it can be read. Bytes that the head turns out not to need stay in the chunk. */
  #gather(chunk: Uint8Array, at: number): number {
    const before = this.#held;
    const taken = Math.min(this.#wanted - before, chunk.length - at);
    this.#head.set(chunk.subarray(at, at + taken), before);
    this.#held += taken;
    const used = this.#readHead();
    if (used === undefined) {
      if (this.#held === this.#wanted) throw badBytes(`expected a header within ${this.#wanted} bytes`);
      return taken;
    }
    this.#held = 0;
    this.#wanted = HEADER_BYTES;
    return used - before;
  }

  /** Length of what stands at the start of the head, once read; undefined while it takes more bytes to do so. */
  #readHead(): number | undefined {
    if (!this.#identified) return this.#readFileId();
    return this.#head[0] === STARTCODE_BYTE ? this.#readPacket() : this.#readFrame();
  }

  #readFileId(): number | undefined {
    const length = Math.min(this.#held, FILE_ID.length);
    if (FILE_ID.compare(this.#head, 0, length, 0, length) !== 0) {
      throw badBytes('expected it to begin as NUT does, got something else');
    }
    if (length < FILE_ID.length) return undefined;
    this.#identified = true;
    return length;
  }

  #readPacket(): number | undefined {
    if (this.#held < STARTCODE_BYTES) return undefined;
    const kind = PACKETS.get(this.#headView.getBigUint64(0));
    if (kind === undefined) throw badBytes('expected one of the startcodes of NUT, got none of them');
    const cursor = new NutCursor(this.#head, STARTCODE_BYTES, this.#held);
    const length = cursor.unsigned();
    if (length > LONG_PACKET) cursor.skip(CHECKSUM_BYTES);
    if (cursor.exhausted) return undefined;
    if (kind === 'index' || kind === 'info') {
      this.#left = length;
      return cursor.at;
    }
    const end = cursor.at + length;
    if (end > MAX_PACKET_BYTES)
      throw badBytes(`expected a ${kind} header of at most 16 KiB, got ${length} bytes`);
    this.#wanted = Math.max(HEADER_BYTES, end);
    if (this.#held < end) return undefined;
    this.#readContent(kind, new NutCursor(this.#head, cursor.at, end - CHECKSUM_BYTES));
    return end;
  }

  #readContent(kind: 'main' | 'stream' | 'syncpoint', cursor: NutCursor): void {
    if (kind === 'main') this.#main = readMainHeader(cursor);
    else if (this.#main === undefined) throw badBytes('expected a main header first');
    else if (kind === 'stream') this.#resize(readStreamHeader(cursor, this.#main));
    else if (this.#stream === undefined) throw badBytes('expected a stream header before a syncpoint');
    else this.#lastPts = readSyncpoint(cursor, this.#main, this.#stream);
    if (cursor.exhausted) throw badBytes(`expected a whole ${kind} header, got a cut one`);
  }

  /** ffmpeg repeats its headers now and then: only a change is news. */
  #resize(stream: StreamHeader): void {
    const { width, height } = stream;
    const isNews = this.#stream?.width !== width || this.#stream.height !== height;
    this.#stream = stream;
    if (isNews) this.#target.size(width, height);
  }

  #readFrame(): number | undefined {
    if (this.#main === undefined || this.#stream === undefined)
      throw badBytes('expected headers before a frame');
    const cursor = new NutCursor(this.#head, 0, this.#held);
    const frame = readFrameHeader(cursor, this.#main, this.#stream, this.#lastPts);
    if (frame === undefined) return undefined;
    this.#lastPts = frame.pts;
    const size = this.#stream.width * this.#stream.height * 3;
    if (frame.size !== size) throw badBytes(`expected a picture of ${size} bytes, got ${frame.size}`);
    this.#firstPts ??= frame.pts;
    this.#next = frame;
    return cursor.at;
  }

  #toMs(pts: number): number {
    if (this.#stream === undefined || this.#firstPts === undefined) return 0;
    const { numerator, denominator } = this.#stream.timeBase;
    return ((pts - this.#firstPts) * numerator * 1000) / denominator;
  }
}

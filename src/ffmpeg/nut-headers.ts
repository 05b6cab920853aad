import { MOST_PIXELS } from '../core/most-pixels.ts';
import { badBytes, type NutCursor } from './nut-cursor.ts';

/** Seconds of one tick: `numerator / denominator`. */
export interface TimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

/** What one frame code stands for (NUT specification, "Frame codes"). */
export interface FrameCode {
  readonly flags: number;
  readonly sizeFactor: number;
  readonly size: number;
  readonly ptsDelta: number;
  readonly reserved: number;
  readonly elided: number;
}

export interface MainHeader {
  readonly timeBases: readonly TimeBase[];
  readonly codes: readonly FrameCode[];
  /** First bytes that a frame may leave out; index 0 is empty. */
  readonly elided: readonly Uint8Array[];
}

export interface StreamHeader {
  readonly width: number;
  readonly height: number;
  readonly timeBase: TimeBase;
  readonly msbPtsShift: number;
}

export interface FrameHeader {
  /** In ticks of the stream's time base. */
  readonly pts: number;
  /** Bytes of the picture. */
  readonly size: number;
  /** The first of them, which the stream leaves out; mostly none. */
  readonly elided: Uint8Array;
}

const FLAG = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIdx: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

const INVALID: FrameCode = {
  flags: FLAG.invalid,
  sizeFactor: 1,
  size: 0,
  ptsDelta: 0,
  reserved: 0,
  elided: 0,
};
const CODES = 256;
/** The code of startcodes, 'N', which the table leaves out. */
const STARTCODE_BYTE = 0x4e;
/** Larger frames leave no bytes out, whatever their code says (as in ffmpeg's nutenc.c and nutdec.c). */
const MAX_ELIDING_SIZE = 4096;
const VIDEO_CLASS = 0;
/** ffmpeg's tag for rgb24, "RGB" and 24 bits. */
const RGB24 = 'RGB\x18';

/** Reads a main header's content (NUT specification, "Main header"). */
export function readMainHeader(cursor: NutCursor): MainHeader {
  const version = cursor.unsigned();
  if (version < 2 || version > 4) throw badBytes(`expected NUT version 2 to 4, got ${version}`);
  if (version > 3) cursor.unsigned(); // minor version
  const streams = cursor.unsigned();
  if (streams !== 1) throw badBytes(`expected 1 stream, got ${streams}`);
  cursor.unsigned(); // max_distance
  const timeBases = readList(cursor, cursor.unsigned(), () => ({
    numerator: cursor.unsigned(),
    denominator: cursor.unsigned(),
  }));
  const codes = readFrameCodes(cursor);
  const elided = readList(cursor, cursor.unsigned(), () => cursor.blob().slice());
  return { timeBases, codes, elided: [new Uint8Array(0), ...elided] };
}

/** Reads a stream header's content (NUT specification, "Stream header"). */
export function readStreamHeader(cursor: NutCursor, main: MainHeader): StreamHeader {
  cursor.unsigned(); // stream id: there is one stream
  const kind = cursor.unsigned();
  const codec = String.fromCharCode(...cursor.blob());
  if (kind !== VIDEO_CLASS || codec !== RGB24) {
    throw badBytes(`expected rgb24 video, got class ${kind}, codec ${JSON.stringify(codec)}`);
  }
  const timeBase = main.timeBases[cursor.unsigned()];
  if (timeBase === undefined) throw badBytes('expected a time base that was announced');
  const msbPtsShift = cursor.unsigned();
  cursor.unsigned(); // max_pts_distance
  cursor.unsigned(); // decode_delay
  cursor.unsigned(); // flags
  cursor.blob(); // codec specific data
  const width = cursor.unsigned();
  const height = cursor.unsigned();
  if (width < 1 || height < 1 || width * height > MOST_PIXELS) {
    throw badBytes(`expected a picture of 1 to ${MOST_PIXELS} pixels, got ${width} x ${height}`);
  }
  return { width, height, timeBase, msbPtsShift };
}

/**
 * Reads a syncpoint's global timestamp, in ticks of the stream's time base, rounded down
 * (NUT specification, "Syncpoint": type t, a value times the number of time bases plus the base's index).
 */
export function readSyncpoint(cursor: NutCursor, main: MainHeader, stream: StreamHeader): number {
  const value = cursor.unsigned();
  const base = main.timeBases[value % main.timeBases.length];
  if (base === undefined) throw badBytes('expected a time base in the main header');
  const ticks = Math.floor(value / main.timeBases.length);
  const { numerator, denominator } = stream.timeBase;
  // Equal bases, ffmpeg's case, must stay exact.
  if (base === stream.timeBase) return ticks;
  return Math.floor((ticks * base.numerator * denominator) / (base.denominator * numerator));
}

/** Reads a frame's header (NUT specification, "Frame"); undefined when the bytes end within it. */
export function readFrameHeader(
  cursor: NutCursor,
  main: MainHeader,
  stream: StreamHeader,
  lastPts: number,
): FrameHeader | undefined {
  const code = main.codes[cursor.byte()] ?? INVALID;
  if ((code.flags & FLAG.invalid) !== 0) throw badBytes('expected a frame, got bytes that begin none');
  const flags = (code.flags & FLAG.coded) === 0 ? code.flags : code.flags ^ cursor.unsigned();
  const has = (flag: number): boolean => (flags & flag) !== 0;

  if (has(FLAG.streamId)) cursor.unsigned();
  const pts = has(FLAG.codedPts)
    ? fullPts(cursor.unsigned(), lastPts, stream.msbPtsShift)
    : lastPts + code.ptsDelta;
  const size = code.size + (has(FLAG.sizeMsb) ? code.sizeFactor * cursor.unsigned() : 0);
  if (has(FLAG.matchTime)) cursor.signed();
  const index = has(FLAG.headerIdx) ? cursor.unsigned() : code.elided;
  const reserved = has(FLAG.reserved) ? cursor.unsigned() : code.reserved;
  skipNumbers(cursor, reserved);
  if (has(FLAG.checksum)) cursor.skip(4);
  if (cursor.exhausted) return undefined;
  if (has(FLAG.sideData)) throw badBytes('expected pixels only, got a frame with side data');

  const elided = main.elided[size > MAX_ELIDING_SIZE ? 0 : index];
  if (elided === undefined) throw badBytes(`expected an elision header that was announced, got ${index}`);
  return { pts, size, elided };
}

/** Undoes the shortening of a timestamp to its low bits (NUT specification, "coded_pts"). */
function fullPts(coded: number, lastPts: number, shift: number): number {
  const span = 2 ** shift;
  if (coded >= span) return coded - span;
  const lowest = lastPts - Math.floor((span - 1) / 2);
  return lowest + ((((coded - lowest) % span) + span) % span);
}

function readFrameCodes(cursor: NutCursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let previous: FrameCode = { ...INVALID, flags: 0 };
  while (codes.length < CODES && !cursor.exhausted) {
    const run = readFrameCodeRun(cursor, previous);
    appendCodes(codes, run.count, run.first);
    previous = run.first;
  }
  return codes;
}

/** Of a run's fields the last may be missing; three of them then stay as in the run before. */
function readFrameCodeRun(cursor: NutCursor, previous: FrameCode): { first: FrameCode; count: number } {
  const flags = cursor.unsigned();
  const fields = cursor.unsigned();
  const ptsDelta = fields > 0 ? cursor.signed() : previous.ptsDelta;
  const sizeFactor = fields > 1 ? cursor.unsigned() : previous.sizeFactor;
  if (fields > 2) cursor.unsigned(); // stream id
  const size = fields > 3 ? cursor.unsigned() : 0;
  const reserved = fields > 4 ? cursor.unsigned() : 0;
  const count = fields > 5 ? cursor.unsigned() : sizeFactor - size;
  if (fields > 6) cursor.signed(); // match_time_delta
  const elided = fields > 7 ? cursor.unsigned() : previous.elided;
  skipNumbers(cursor, fields - 8);
  return { first: { flags, sizeFactor, size, ptsDelta, reserved, elided }, count };
}

/** `count` codes that differ by their size alone; the startcode's byte takes none of them. */
function appendCodes(codes: FrameCode[], count: number, first: FrameCode): void {
  if (count < 1) throw badBytes(`expected a run of at least 1 frame code, got ${count}`);
  for (let j = 0; j < count && codes.length < CODES; j++) {
    if (codes.length === STARTCODE_BYTE) codes.push(INVALID);
    codes.push({ ...first, size: first.size + j });
  }
}

function skipNumbers(cursor: NutCursor, count: number): void {
  for (let i = 0; i < count && !cursor.exhausted; i++) cursor.unsigned();
}

function readList<T>(cursor: NutCursor, count: number, read: () => T): T[] {
  const list: T[] = [];
  for (let i = 0; i < count && !cursor.exhausted; i++) list.push(read());
  return list;
}

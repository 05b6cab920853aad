/** Numbers of ITU-T H.264, table 7-1. */
const NAL = { slice: 1, keySlice: 5, sequenceParameters: 7, pictureParameters: 8 } as const;

/** The NAL units of one picture, without start codes, in the order of decoding. */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  /** It can be decoded without any picture before it. */
  readonly isKey: boolean;
}

export interface ParameterSets {
  readonly sps: Buffer;
  readonly pps: Buffer;
}

/** NAL units of an H.264 byte stream (ITU-T H.264, annex B), as views of it. */
export function splitNals(stream: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let start = -1;
  for (let at = stream.indexOf(START_CODE); at !== -1; at = stream.indexOf(START_CODE, at + 3)) {
    if (start !== -1) nals.push(withoutTrailingZeros(stream.subarray(start, at)));
    start = at + START_CODE.length;
  }
  if (start !== -1) nals.push(withoutTrailingZeros(stream.subarray(start)));
  return nals.filter((nal) => nal.length > 0);
}

const START_CODE = Buffer.from([0, 0, 1]);

/** A NAL unit ends in a 1 bit (7.3.2.11): zeros behind it belong to the next, longer start code. */
function withoutTrailingZeros(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end--;
  return nal.subarray(0, end);
}

/** NAL units grouped by picture; what stands before a picture's first slice belongs to that picture. */
export function accessUnits(nals: readonly Buffer[]): AccessUnit[] {
  const units: AccessUnit[] = [];
  let current: Buffer[] = [];
  let hasSlice = false;
  for (const nal of nals) {
    const slice = isSlice(nal);
    if (hasSlice && (!slice || isFirstSlice(nal))) {
      units.push(unitOf(current));
      current = [];
      hasSlice = false;
    }
    current.push(nal);
    hasSlice ||= slice;
  }
  if (hasSlice) units.push(unitOf(current));
  return units;
}

/** The first sequence and picture parameter sets, undefined when one is missing. */
export function parameterSets(nals: readonly Buffer[]): ParameterSets | undefined {
  const sps = nals.find((nal) => typeOf(nal) === NAL.sequenceParameters);
  const pps = nals.find((nal) => typeOf(nal) === NAL.pictureParameters);
  return sps === undefined || pps === undefined ? undefined : { sps, pps };
}

function unitOf(nals: readonly Buffer[]): AccessUnit {
  return { nals, isKey: nals.some((nal) => typeOf(nal) === NAL.keySlice) };
}

function isSlice(nal: Buffer): boolean {
  const type = typeOf(nal);
  return type >= NAL.slice && type <= NAL.keySlice;
}

/** `first_mb_in_slice` (7.3.3) is 0, which ue(v) writes as a single 1 bit. */
function isFirstSlice(nal: Buffer): boolean {
  return ((nal[1] ?? 0) & 0x80) !== 0;
}

function typeOf(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

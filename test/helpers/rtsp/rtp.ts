/** H.264 ticks at 90 kHz in RTP (RFC 6184, section 8.2.1). */
export const CLOCK_HZ = 90_000;
/** The first payload type that is free to be named in the SDP (RFC 3551, section 6). */
export const PAYLOAD_TYPE = 96;

const HEADER_BYTES = 12;
const FU_A = 28;
/** Fits an Ethernet frame, as cameras do even where TCP would take more. */
const MOST_PAYLOAD_BYTES = 1400;

export interface Packetizer {
  /** RTP packets of one picture; the last one carries the marker bit. */
  packets(nals: readonly Buffer[], timestamp: number): Buffer[];
}

export interface PacketizerOptions {
  readonly ssrc: number;
  /** @default 0 */
  readonly firstSequence?: number;
  /** @default 1400 */
  readonly mostPayloadBytes?: number;
}

/** Turns pictures into RTP packets (RFC 3550, section 5.1) by RFC 6184, packetization mode 1. */
export function packetizer(options: PacketizerOptions): Packetizer {
  const { ssrc, firstSequence = 0, mostPayloadBytes = MOST_PAYLOAD_BYTES } = options;
  let sequence = firstSequence;
  const packet = (payload: Buffer, timestamp: number, marker: boolean): Buffer => {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = 2 << 6; // version 2; no padding, extension or contributing sources
    header[1] = (marker ? 0x80 : 0) | PAYLOAD_TYPE;
    header.writeUInt16BE(sequence, 2);
    header.writeUInt32BE(timestamp % 2 ** 32, 4);
    header.writeUInt32BE(ssrc, 8);
    sequence = (sequence + 1) % 2 ** 16;
    return Buffer.concat([header, payload]);
  };
  return {
    packets(nals, timestamp) {
      const payloads = nals.flatMap((nal) => payloadsOf(nal, mostPayloadBytes));
      return payloads.map((payload, n) => packet(payload, timestamp, n === payloads.length - 1));
    },
  };
}

/** A NAL unit whole where it fits (RFC 6184, section 5.6), in fragments FU-A otherwise (section 5.8). */
function payloadsOf(nal: Buffer, mostBytes: number): Buffer[] {
  if (nal.length <= mostBytes) return [nal];
  const [first = 0] = nal;
  const indicator = (first & 0xe0) | FU_A;
  const type = first & 0x1f;
  const step = mostBytes - 2;
  const fragments: Buffer[] = [];
  for (let at = 1; at < nal.length; at += step) {
    const start = at === 1 ? 0x80 : 0;
    const end = at + step >= nal.length ? 0x40 : 0;
    fragments.push(
      Buffer.concat([Buffer.from([indicator, start | end | type]), nal.subarray(at, at + step)]),
    );
  }
  return fragments;
}

/** A packet as it travels inside the RTSP connection (RFC 2326, section 10.12). */
export function interleaved(channel: number, packet: Buffer): Buffer {
  const frame = Buffer.alloc(4 + packet.length);
  frame[0] = 0x24; // "$"
  frame[1] = channel;
  frame.writeUInt16BE(packet.length, 2);
  packet.copy(frame, 4);
  return frame;
}

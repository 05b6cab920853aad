/** What a row of packets says of their stream. */
export interface StreamFacts {
  /** As ffmpeg calls it, such as `h264`, `hevc` or `mjpeg`. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Pictures a second; undefined of a single one. */
  readonly fps: number | undefined;
  /** From one key frame to the next; undefined when there was one only. */
  readonly keyframeSeconds: number | undefined;
  /** Of its video, in kbit/s; undefined of a single picture. */
  readonly kbps: number | undefined;
}

interface Packet {
  /** In seconds. */
  readonly dts: number;
  readonly bytes: number;
  readonly isKey: boolean;
}

/** AV_PKT_FLAG_KEY (libavcodec/packet.h). */
const KEY = 1;

/**
 * Reads what ffmpeg's `framecrc` muxer writes of one video stream: its size and codec as `#` lines, then a line a
 * packet, `stream, dts, pts, duration, bytes, checksum`, with `F=0x…` for flags other than that of a key frame
 * (libavformat/framecrcenc.c). ffmpeg 4.1 to 9 write the same.
 */
export class PacketReport {
  readonly #head = new Map<string, string>();
  readonly #packets: Packet[] = [];
  #keyframes = 0;

  get packets(): number {
    return this.#packets.length;
  }

  get keyframes(): number {
    return this.#keyframes;
  }

  /** Takes one line; what is neither head nor packet is left out. */
  push(line: string): void {
    const head = /^#(\w+) 0: +(\S+)/.exec(line);
    if (head !== null) this.#head.set(head[1] ?? '', head[2] ?? '');
    const packet = /^0, *(-?\d+), *-?\d+, *\d+, *(\d+), *0x\w+(?:, *F=(0x[0-9a-f]+))?/i.exec(line);
    if (packet === null) return;
    const [, dts, bytes, flags] = packet;
    const isKey = flags === undefined || (Number(flags) & KEY) !== 0;
    this.#packets.push({ dts: Number(dts) * this.#tick(), bytes: Number(bytes), isKey });
    if (isKey) this.#keyframes++;
  }

  facts(): StreamFacts {
    const [width = 0, height = 0] = (this.#head.get('dimensions') ?? '').split('x').map(Number);
    const fps = this.#fps();
    const gops = this.#gops();
    const whole = gops.length > 0 ? gops.flat() : this.#packets;
    const bytes = whole.reduce((sum, packet) => sum + packet.bytes, 0) / whole.length;
    const length = median(gops.map((gop) => gop.length));
    return {
      codec: this.#head.get('codec_id') ?? 'unknown',
      width,
      height,
      fps: fps === undefined ? undefined : rounded(fps, 2),
      keyframeSeconds: fps === undefined || length === undefined ? undefined : rounded(length / fps, 2),
      kbps: fps === undefined ? undefined : Math.round((bytes * 8 * fps) / 1_000),
    };
  }

  /** By the median step, because the first packets of a camera come with times squeezed together. */
  #fps(): number | undefined {
    const steps = this.#packets.flatMap(({ dts }, i) => {
      const step = dts - (this.#packets[i - 1]?.dts ?? dts);
      return step > this.#tick() ? [step] : [];
    });
    const step = median(steps);
    return step === undefined ? undefined : 1 / step;
  }

  /** Groups of pictures whose end was seen. */
  #gops(): Packet[][] {
    const keys = this.#packets.flatMap(({ isKey }, i) => (isKey ? [i] : []));
    return keys.slice(1).map((end, i) => this.#packets.slice(keys[i], end));
  }

  /** Length of a unit of time, in seconds. */
  #tick(): number {
    const [numerator = 1, denominator = 1] = (this.#head.get('tb') ?? '').split('/').map(Number);
    return numerator / denominator;
  }
}

/** The lower one of the middle two of an even number. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

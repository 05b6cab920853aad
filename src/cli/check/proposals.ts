import type { CameraSource } from '../../core/camera-source.ts';
import type { Probe } from '../../ffmpeg/probe.ts';

export interface ProposalInput {
  readonly source: CameraSource;
  /** Frames looked at, as configured. */
  readonly fps: number;
  readonly probe: Pick<Probe, 'width' | 'height' | 'fps' | 'keyframeSeconds'>;
}

/** Wider pictures cost more to decode than they bring: the model sees 640 at most. */
const WIDE = 1_280;
/** A camera of 5 frames/s that measures 4.9 is no reason to say anything. */
const RATE_SLACK = 1.1;
/** What a reconnect may wait for its first picture before one notices. */
const LONG_GOP_SECONDS = 4;

/** Paths of main streams, and of the small stream beside them, as they are commonly told; tried on no camera here. */
const SUB_STREAMS: readonly (readonly [vendor: string, main: RegExp, sub: string])[] = [
  ['Hikvision', /\/Streaming\/Channels\/(\d+)01\b/i, '/Streaming/Channels/$102'],
  ['Hikvision', /\/(ch\d+)\/main\//i, '/$1/sub/'],
  ['Dahua, Amcrest', /([?&]subtype=)0\b/i, '$11'],
  ['Reolink', /\/h26[45]Preview_(\d+)_main\b/i, '/h264Preview_$1_sub'],
  ['TP-Link', /\/stream1$/i, '/stream2'],
  ['Uniview', /\/media\/video1\b/i, '/media/video2'],
];
const AXIS = /\/axis-media\/media\.amp/i;

/** What would make a camera cheaper or quicker, each in one sentence; nothing when all is well. */
export function proposals({ source, fps, probe }: ProposalInput): string[] {
  const found: string[] = [];
  const isLive = source.kind !== 'file' && source.kind !== 'lavfi';
  if (probe.width > WIDE && isLive) {
    const size = `${probe.width}x${probe.height}`;
    found.push(
      `${size} is decoded in full to look at 640 across: take the sub-stream, ${subStreamOf(source)}`,
    );
  }
  if (probe.fps !== undefined && fps > probe.fps * RATE_SLACK) {
    found.push(
      `fps: ${fps} is more than the ${probe.fps} that come: fps: ${Math.ceil(probe.fps)} does as well`,
    );
  }
  const { keyframeSeconds = Number.POSITIVE_INFINITY } = probe;
  if (probe.fps !== undefined && keyframeSeconds > LONG_GOP_SECONDS && isLive) {
    const gap = Number.isFinite(keyframeSeconds) ? `${keyframeSeconds} s` : 'more than 12 s';
    found.push(
      `a key frame every ${gap}: after a cut the first picture waits for one; set the I-frame interval to 2 s`,
    );
  }
  return found;
}

/** Where to find it: the address without host and credentials, or in words. */
function subStreamOf(source: CameraSource): string {
  if (!('url' in source)) return 'or a smaller size of the device';
  const { pathname, search } = new URL(source.url);
  const path = pathname + search;
  for (const [vendor, main, sub] of SUB_STREAMS) {
    if (main.test(path)) return `which ${vendor} has at ${path.replace(main, sub)}`;
  }
  if (AXIS.test(path)) return `which Axis has at ${path}${search === '' ? '?' : '&'}resolution=640x360`;
  return "whose path is in the camera's manual";
}

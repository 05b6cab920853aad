/** What can decode instead of the CPU, in ffmpeg's words; `auto` takes what is there. */
export type HardwareDecoder = 'auto' | 'vaapi' | 'qsv' | 'v4l2m2m';

/** How a stream is decoded. */
export interface Decoding {
  /** Only pictures that stand for themselves: little CPU, and only what they show. @default false */
  readonly keyframesOnly?: boolean;
  /** @default the CPU */
  readonly hardware?: HardwareDecoder;
}

/** Where a camera's pictures come from. A `url` has its credentials percent-encoded in its user part. */
export type CameraSource =
  | (Decoding & {
      readonly kind: 'rtsp';
      /** rtsp: or rtsps:. Never logged, never on a command line. */
      readonly url: string;
    })
  | (Decoding & {
      /** A stream that does not end, such as MJPEG (multipart/x-mixed-replace). */
      readonly kind: 'http';
      /** http: or https:. Never logged, never on a command line. */
      readonly url: string;
    })
  | {
      /** An address that gives one picture each time it is asked. */
      readonly kind: 'poll';
      /** http: or https:. Never logged. */
      readonly url: string;
      /** From question to question. */
      readonly intervalMs: number;
    }
  | (Decoding & {
      readonly kind: 'file';
      readonly path: string;
      /** `fast` reads as fast as frames are taken and drops none. */
      readonly pace: 'real-time' | 'fast';
      /** Start again at the end, for ever. */
      readonly loop: boolean;
    })
  | (Decoding & {
      /** A camera at this machine, by Video4Linux2. */
      readonly kind: 'v4l2';
      /** Such as `/dev/video0`. */
      readonly device: string;
    })
  | {
      /** A picture that ffmpeg makes up. */
      readonly kind: 'lavfi';
      /** Such as `testsrc=size=640x360:rate=5` (ffmpeg.org/ffmpeg-filters.html, "Video Sources"). */
      readonly graph: string;
    };

/** What ffmpeg reads; snapshots are fetched without it. */
export type FfmpegSource = Exclude<CameraSource, { kind: 'poll' }>;

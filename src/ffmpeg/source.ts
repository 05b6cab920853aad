/** Where a camera's pictures come from. */
export type CameraSource = RtspSource | FileSource;

export interface RtspSource {
  readonly kind: 'rtsp';
  /** `rtsp:` or `rtsps:`, user and password percent-encoded in it. Never shown to anybody. */
  readonly url: string;
}

export interface FileSource {
  readonly kind: 'file';
  readonly path: string;
  /** `real-time` plays it at its own pace, dropping what finds no place; `fast` waits and drops nothing. */
  readonly pace: 'real-time' | 'fast';
  /** Begins again at its end, time going on. */
  readonly loop: boolean;
}

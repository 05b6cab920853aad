/** Where a camera's pictures come from. */
export type CameraSource =
  | {
      readonly kind: 'rtsp';
      /** rtsp: or rtsps:, credentials percent-encoded in its user part. Never logged, never on a command line. */
      readonly url: string;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** `fast` reads as fast as frames are taken and drops none. */
      readonly pace: 'real-time' | 'fast';
      /** Start again at the end, for ever. */
      readonly loop: boolean;
    };

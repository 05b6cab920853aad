import type { CameraSource, FfmpegSource } from '../core/camera-source.ts';

export interface CopiedCamera {
  readonly source: CameraSource;
  /** Areas that nobody is to see. @default none */
  readonly privacy?: readonly unknown[] | undefined;
}

/**
 * What of a camera is copied for viewers: video that hides nothing and costs nothing by the byte. A file would be
 * played by itself, at another place than the pictures that are looked at.
 */
export function copiedSource({ source, privacy = [] }: CopiedCamera): FfmpegSource | undefined {
  if (source.kind !== 'rtsp' || source.keyframesOnly === true || privacy.length > 0) return undefined;
  return { kind: source.kind, url: source.url };
}

import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FalconetError } from '../core/error.ts';
import type { Segment } from '../core/segment.ts';
import type { Children } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { type Cover, clipCommand } from '../ffmpeg/record-command.ts';
import { segmentBytes } from './segment-bytes.ts';
import { isWholeMp4 } from './whole-mp4.ts';

export interface ClipOptions {
  readonly camera: string;
  /** In a row, oldest first, at least one. */
  readonly segments: readonly Segment[];
  /** Absolute; its folders are made. */
  readonly path: string;
  /** @default nothing is covered: the video is copied as it is */
  readonly cover?: Cover | undefined;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
}

/** While it is written; not yet a clip. */
export const PART = '.part';
/** Of this process. */
const underWay = new Set<string>();

/** Whether this process writes a clip to the path now. */
export function isUnderWay(part: string): boolean {
  return underWay.has(part);
}

/**
 * Writes an MP4 of segments, readable for its owner only. It is there under its name when it is whole, and else nothing
 * of it is left.
 *
 * @throws CLIP_FAILED, with ffmpeg's own words: a disk that is full, a codec that MP4 has no place for.
 */
export async function writeClip(options: ClipOptions): Promise<void> {
  const { camera, segments, path, cover, ffmpeg, children } = options;
  const part = path + PART;
  underWay.add(part);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const command = clipCommand({ segments: segmentBytes(segments), path: part, cover });
    const child = children.start({ path: ffmpeg.path, command, secrets: [], inBackground: true });
    const { exitCode, signal, stderr } = await child.ended;
    if (exitCode !== 0) throw new Error(stderr || `ffmpeg ended with ${exitCode ?? signal}`);
    if (!(await isWholeMp4(part))) throw new Error(stderr || 'a part of one');
    await chmod(part, 0o600);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {}); // the first failure says more
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FalconetError('CLIP_FAILED', `${camera}: expected a clip at ${path}, got: ${why}`, {
      cause,
      hint: 'Check that the disk of the data folder has room',
    });
  } finally {
    underWay.delete(part);
  }
}

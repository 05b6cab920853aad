import { asError, FalconetError } from '../core/error.ts';
import type { Segment } from '../core/segment.ts';
import type { Children } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { NutParser } from '../ffmpeg/nut.ts';
import { stillCommand } from '../ffmpeg/record-command.ts';
import type { Picture } from './image.ts';
import { segmentBytes } from './segment-bytes.ts';

export interface StillOptions {
  readonly camera: string;
  /** In a row, oldest first, at least one. */
  readonly segments: readonly Segment[];
  /** ms since the epoch. */
  readonly at: number;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
}

export interface Still {
  readonly picture: Picture;
  /** When it arrived, ms since the epoch. */
  readonly time: number;
}

/**
 * The recorded picture that is nearest to a moment among the segments' first one and those at that moment or later, in
 * full size, unmasked.
 *
 * @throws CLIP_FAILED when there is none that can be decoded.
 */
export async function stillOf({ camera, segments, at, ffmpeg, children }: StillOptions): Promise<Still> {
  const start = segments[0]?.start ?? at;
  const command = stillCommand(segmentBytes(segments), (at - start) / 1_000);
  const child = children.start({ path: ffmpeg.path, command, secrets: [], inBackground: true });
  const pictures: Still[] = [];
  let size = { width: 0, height: 0 };
  let place = { pts: 0, data: new Uint8Array() };
  const parser = new NutParser({
    size(width, height) {
      size = { width, height };
    },
    take(pts) {
      place = { pts, data: new Uint8Array(size.width * size.height * 3) };
      return place.data;
    },
    filled: () => void pictures.push({ picture: { ...size, data: place.data }, time: start + place.pts }),
  });
  try {
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) parser.push(chunk);
  } catch (cause) {
    throw new FalconetError('CLIP_FAILED', `${camera}: ${asError(cause).message}`, { cause });
  } finally {
    await child.close();
  }
  const nearest = pictures.toSorted((a, b) => Math.abs(a.time - at) - Math.abs(b.time - at))[0];
  if (nearest !== undefined) return nearest;
  const { stderr } = await child.ended;
  throw new FalconetError('CLIP_FAILED', `${camera}: expected a recorded picture, got none: ${stderr}`);
}

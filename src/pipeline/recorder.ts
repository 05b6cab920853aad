import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FfmpegSource } from '../core/camera-source.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import { isoTime } from '../core/iso-time.ts';
import type { Log } from '../core/log.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Segment } from '../core/segment.ts';
import { createChildren } from '../ffmpeg/children.ts';
import { type VideoEncoder, videoEncoder } from '../ffmpeg/encoder.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import type { Cover } from '../ffmpeg/record-command.ts';
import { writeClip } from '../media/clip.ts';
import type { PrivacyMask } from '../media/mask.ts';
import { createRing } from '../media/ring.ts';
import { type Still, stillOf } from '../media/still.ts';
import { recordedSegments } from '../streams/recorded-segments.ts';
import { type Clips, type ClipTimes, clipsFolder, createClips } from './clips.ts';

/** Where each camera's ring lies, below the folder of the data. */
export function ringsFolder(dataFolder: string): string {
  return join(dataFolder, 'ring');
}

/** What a camera records. */
export interface RecordingPlan extends ClipTimes {
  readonly source: FfmpegSource;
  /** Most bytes of what is kept for clips to come. */
  readonly ringBytes: number;
  /** Clips are copies although the camera has a privacy mask: they show what it hides. */
  readonly copyUnmasked: boolean;
}

export interface RecorderOptions {
  readonly camera: string;
  readonly plan: RecordingPlan;
  /** Of the data: the ring is in `ring/<camera>`, clips are in `clips/<camera>`. */
  readonly folder: string;
  /** @default nothing is hidden */
  readonly mask?: PrivacyMask | undefined;
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  readonly log: Log;
  /** Values that no message may hold. */
  readonly secrets: Iterable<string>;
  /** A clip is there, or there will be none. */
  readonly onClip: (track: FalconetEvent['track']['id']) => void;
  /** A clip was written. */
  readonly onWritten: () => void;
}

/** A camera's recording: the latest of it in a ring on disk, and what events need of that. */
export interface Recorder extends Pick<Clips, 'of'> {
  /** The full-size picture nearest to a moment, masked; undefined where none can be had. Never rejects. */
  still(at: number): Promise<Still | undefined>;
  /** Writes the clips under way, ends ffmpeg and removes the ring. Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}

/** Past the last moment that a clip may need: keyframes, and clips that wait for their turn. */
const SLACK_MS = 30_000;
/** A picture is decoded once the ring is so far past its moment, so that the pictures around it are there. */
const PAST_MS = 500;
/** Of pictures that were asked for; what comes later than that tells nothing new. */
const KEYFRAME_MS = 20_000;
const MOST_STILLS = 4;
const FLUSH_MS = 1_500;

export function startRecorder(options: RecorderOptions): Recorder {
  const { camera, plan, folder, mask, ffmpeg, log, onWritten } = options;
  const clock = monotonic(options.clock);
  const children = createChildren();
  const ringFolder = join(ringsFolder(folder), camera);
  const keepMs = plan.beforeMs + plan.longestMs + plan.afterMs + SLACK_MS;
  const ring = createRing({ folder: ringFolder, keepMs, keepBytes: plan.ringBytes });
  const hidden = plan.copyUnmasked ? undefined : mask;
  const clips = createClips({
    ...plan,
    camera,
    folder: clipsFolder(folder),
    ring,
    unmasked: mask !== undefined && plan.copyUnmasked,
    async write(segments, path) {
      const cover = hidden === undefined ? undefined : await coverOf(hidden, segments);
      await writeClip({ camera, segments, path, cover, ffmpeg, children });
      onWritten();
    },
    clock,
    log,
    onDone: options.onClip,
  });
  let stills: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let encoder: VideoEncoder | undefined;
  let closing: Promise<void> | undefined;

  if (mask !== undefined && plan.copyUnmasked) {
    log.warn({ camera }, 'clips show what the privacy mask hides, as masks.copy_unmasked asks');
  }
  // What a crash left of an earlier ring shows what masks hide, and nobody will need it.
  const recording = ring.clear().then(() =>
    recordedSegments({ ...options, source: plan.source, folder: ringFolder, children, clock }).subscribe({
      next: (segment) => ring.add(segment),
      error: () => ring.release(), // it is in the log
    }),
  );

  /** As large as the video is at the segments' beginning. */
  async function coverOf(hides: PrivacyMask, segments: readonly Segment[]): Promise<Cover> {
    encoder ??= await videoEncoder(ffmpeg);
    if (encoder === undefined) {
      throw new FalconetError('CLIP_FAILED', `${camera}: expected an H.264 encoder in ffmpeg, found none`, {
        hint: 'Install an ffmpeg with libx264; a camera with a privacy mask has its clips encoded',
      });
    }
    const first = segments.slice(0, 1);
    const { picture } = await stillOf({ camera, segments: first, at: 0, ffmpeg, children });
    const { width, height } = picture;
    const path = join(ringFolder, `mask-${width}x${height}.png`);
    await writeFile(path, await hides.cover(picture), { mode: 0o600 });
    return { path, width, height, encoder };
  }

  async function decode(at: number): Promise<Still | undefined> {
    await ring.reached(at + PAST_MS, KEYFRAME_MS);
    const segments = ring.between(at, at + PAST_MS);
    if (segments.length === 0 || closing !== undefined) return undefined;
    try {
      const still = await stillOf({ camera, segments, at, ffmpeg, children });
      mask?.paint(still.picture);
      return still;
    } catch (error) {
      log.warn({ camera, error: asError(error).message }, 'an event has no full-size picture');
      return undefined;
    }
  }

  return {
    of: (event) => clips.of(event),
    async still(at) {
      if (asked >= MOST_STILLS) {
        log.debug({ camera, at: isoTime(at) }, 'an event has no full-size picture: four are under way');
        return undefined;
      }
      asked++;
      const still = stills.then(() => decode(at)); // one decoder at a time
      stills = still;
      return still.finally(() => asked--);
    },
    close() {
      closing ??= (async () => {
        (await recording).unsubscribe();
        await clips.flush(FLUSH_MS);
        await children.closeAll();
        await ring.clear();
      })();
      return closing;
    },
  };
}

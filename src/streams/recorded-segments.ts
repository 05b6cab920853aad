import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  mergeMap,
  Observable,
  retry,
  switchMap,
  tap,
  throwError,
  timeout,
} from 'rxjs';
import type { FfmpegSource } from '../core/camera-source.ts';
import type { Clock } from '../core/clock.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { Segment } from '../core/segment.ts';
import type { Child } from '../ffmpeg/child.ts';
import type { Children } from '../ffmpeg/children.ts';
import type { Command } from '../ffmpeg/command-line.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { recordCommand, unrecordableCodec } from '../ffmpeg/record-command.ts';
import { sourceFailure } from '../ffmpeg/source-failure.ts';
import { backoff } from './backoff.ts';
import { numberOf, removeUntold } from './remove-untold.ts';
import { arrivalTimes, type ListedSegment } from './segment-times.ts';

export interface RecordedSegmentsOptions {
  readonly camera: string;
  readonly source: FfmpegSource;
  /** Absolute; made where it is missing, for its owner only. */
  readonly folder: string;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  /** Must not fall. */
  readonly clock: Clock;
  readonly log: Log;
  /** Values that must not leave with ffmpeg's messages. */
  readonly secrets: Iterable<string>;
}

/** Twice the longest distance of keyframes that cameras stretch to while nothing moves. */
const SILENT_MS = 30_000;
const WAIT = { firstMs: 2_500, mostMs: 60_000 };

/**
 * A camera's recording, cold: one ffmpeg per subscription copies its video, and each segment comes when it is whole,
 * one keyframe late. Retried for ever, with growing waits, and told in the log when it fails first; a file that does
 * not loop completes at its end.
 *
 * @throws SOURCE_ADDRESS, SOURCE_CODEC; of a file SOURCE_ENDED, too.
 */
export function recordedSegments(options: RecordedSegmentsOptions): Observable<Segment> {
  const { camera, source, log } = options;
  let isFailing = false;
  return session(options).pipe(
    timeout({ each: SILENT_MS, with: () => throwError(() => silent(camera)) }),
    tap({
      next() {
        isFailing = false;
      },
      error(error: unknown) {
        log[isFailing ? 'debug' : 'warn']({ camera, ...factsOf(error) }, asError(error).message);
        isFailing = true;
      },
    }),
    retry({
      delay: (error: unknown, count) =>
        isHopeless(error, source) ? throwError(() => asError(error)) : backoff(WAIT)(error, count),
      resetOnSuccess: true,
    }),
  );
}

function session(options: RecordedSegmentsOptions): Observable<Segment> {
  const { folder, clock } = options;
  return defer(async () => {
    const name = String(clock.now());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { name, command: await recordCommand({ ...options, session: name }) };
  }).pipe(switchMap((begun) => segmentsOf(options, begun)));
}

interface Session {
  readonly name: string;
  readonly command: Command;
}

/** What one ffmpeg records until it ends; what it wrote and did not tell is gone soon after. */
function segmentsOf(options: RecordedSegmentsOptions, { name, command }: Session): Observable<Segment> {
  const { camera, source, folder, ffmpeg, children, secrets, clock } = options;
  return defer(() => {
    const child = children.start({ path: ffmpeg.path, command, secrets });
    let last = -1;
    const segments = linesOf(child).pipe(
      tap((line) => refuse(camera, unrecordableCodec(line))),
      arrivalTimes(clock),
      concatMap((listed) => segmentOf(folder, listed)),
      tap(({ path }) => {
        last = numberOf(path);
      }),
    );
    const end = from(child.ended).pipe(
      mergeMap((exit) =>
        exit.exitCode === 0 && source.kind === 'file'
          ? EMPTY
          : throwError(() => notRecorded(camera, sourceFailure({ camera, source, exit }))),
      ),
    );
    return concat(segments, end).pipe(
      finalize(() => void child.close().then(() => removeUntold({ folder, session: name, last }))),
    );
  });
}

/** Until its child has ended. */
function linesOf(child: Child): Observable<string> {
  return new Observable<string>((subscriber) => {
    createInterface({ input: child.stdout }).on('line', (line) => subscriber.next(line));
    const ended = (): void => subscriber.complete();
    child.ended.then(ended, ended);
  });
}

async function segmentOf(folder: string, { name, start, end }: ListedSegment): Promise<Segment> {
  const path = join(folder, name);
  await chmod(path, 0o600); // ffmpeg makes it for everyone, in a folder that only we can enter
  const { size: bytes } = await stat(path);
  return { path, start, end, bytes };
}

function isHopeless(error: unknown, { kind }: FfmpegSource): boolean {
  if (!(error instanceof FalconetError)) return false;
  return kind === 'file' || error.code === 'SOURCE_ADDRESS' || error.code === 'SOURCE_CODEC';
}

function refuse(camera: string, codec: string | undefined): void {
  if (codec === undefined) return;
  throw new FalconetError(
    'SOURCE_CODEC',
    `${camera}: expected video that can be recorded (H.264, H.265), got ${codec}`,
    {
      hint: 'Give the camera a `record` address that sends H.264 or H.265, or leave out its `record` and `clips`',
      facts: { codec },
    },
  );
}

function notRecorded(camera: string, { code, hint, facts }: FalconetError): FalconetError {
  const isFull = String(facts['stderr']).includes('No space left on device');
  const reason = isFull ? 'no-space' : facts['reason'];
  const help = isFull ? 'Make room on the disk of the data folder' : hint;
  return new FalconetError(code, `${camera}: expected video to record, got ${reason}`, {
    ...(help !== undefined && { hint: help }),
    facts: { ...facts, reason },
  });
}

function silent(camera: string): FalconetError {
  return new FalconetError(
    'SOURCE_STALLED',
    `${camera}: expected a keyframe to record within 30 s, got none`,
    {
      facts: { reason: 'timed-out' },
    },
  );
}

function factsOf(error: unknown): Record<string, unknown> {
  return error instanceof FalconetError ? { ...errorFacts(error), reason: error.facts['reason'] } : {};
}

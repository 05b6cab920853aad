import { concatMap, from, Observable } from 'rxjs';
import type { Detector, Square } from '../core/detection.ts';
import { FalconetError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import {
  type RecordedLook,
  type RecordingHead,
  recordedLookSchema,
  recordingHeadSchema,
} from '../core/schema/detections.ts';
import type { FrameSource } from './camera.ts';
import type { Gate } from './gate.ts';

/** What a detector saw in a clip. */
export interface Recording {
  readonly head: RecordingHead;
  /** In the order of the frames. */
  readonly looks: readonly RecordedLook[];
}

/** What stands in for a clip, for what chooses what is looked at, and for the detector that looks. */
export interface Playback {
  readonly frames: FrameSource;
  readonly gate: Gate;
  readonly detector: Detector;
}

/**
 * Reads recorded detections: JSON Lines (jsonlines.org), first the head, then one frame a line.
 *
 * @param name - of the file, for messages.
 * @throws RECORDING_UNREADABLE with the first line that is wrong, or whose frame does not come after the one before.
 */
export function parseRecording(text: string, name: string): Recording {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const head = parseLine(first, 1, { name, schema: recordingHeadSchema });
  let before: RecordedLook | undefined;
  const looks = rest.map((line, i) => {
    const look = parseLine(line, i + 2, { name, schema: recordedLookSchema });
    if (before !== undefined && (look.seq <= before.seq || look.pts < before.pts)) {
      throw unreadable(
        `${name}:${i + 2}: expected frames in their order, got ${look.seq} after ${before.seq}`,
      );
    }
    before = look;
    return look;
  });
  return { head, looks };
}

/**
 * Frames without pixels, one as soon as the one before is released, of which is looked at what was looked at and seen
 * what was seen when they were recorded.
 */
export function playRecording({ head, looks }: Recording): Playback {
  const { frame: size, model, engine, labels } = head;
  const lookOf = new WeakMap<Uint8Array, RecordedLook>();
  const frameOf = (camera: string, look: RecordedLook, onRelease: () => void): Frame => {
    const { seq, pts } = look;
    const data = new Uint8Array(0);
    lookOf.set(data, look);
    return { camera, seq, pts, wallTime: pts, ...size, format: 'rgb24', data, release: onRelease };
  };
  return {
    frames: ({ camera }) =>
      from(looks).pipe(
        concatMap(
          (look) =>
            new Observable<Frame>((subscriber) => {
              // Not within release: whoever releases is not done yet.
              subscriber.next(frameOf(camera, look, () => queueMicrotask(() => subscriber.complete())));
            }),
        ),
      ),
    gate: {
      arrived: () => false,
      look({ width, height, data }) {
        const squares = lookOf.get(data)?.squares ?? [[0, 0, width, height]];
        return { why: 'always', squares: squares.map(squareOf) };
      },
    },
    detector: {
      model,
      labels,
      engine,
      inputSize: 1,
      processes: 1,
      detect: async (jobs) => jobs.map(({ frame }) => lookOf.get(frame.data)?.detections ?? []),
      close: async () => {},
    },
  };
}

function squareOf([x = 0, y = 0, width = 0, height = 0]: readonly number[]): Square {
  return { x, y, width, height };
}

interface LineSchema<T> {
  readonly name: string;
  readonly schema: {
    safeParse(value: unknown): { success: true; data: T } | { success: false; error: SchemaError };
  };
}

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function parseLine<T>(line: string, number: number, { name, schema }: LineSchema<T>): T {
  const parsed = schema.safeParse(jsonOf(line));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  throw unreadable(`${name}:${number}: ${place === '' ? '' : `${place}: `}${issue?.message}`);
}

/** Undefined for what is no JSON, which no schema takes. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function unreadable(message: string): FalconetError {
  return new FalconetError('RECORDING_UNREADABLE', message, {
    hint: 'Record detections anew with falconet replay --record-detections FILE',
  });
}

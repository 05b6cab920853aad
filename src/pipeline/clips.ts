import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import { isoTime } from '../core/iso-time.ts';
import type { Log } from '../core/log.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Segment } from '../core/segment.ts';
import { within } from '../core/within.ts';
import type { Ring } from '../media/ring.ts';

/** Where clips lie, by their `ref`, below the folder of the data. */
export function clipsFolder(dataFolder: string): string {
  return join(dataFolder, 'clips');
}

/** How long a clip is, ms. */
export interface ClipTimes {
  /** Before the object was first seen. */
  readonly beforeMs: number;
  /** After it was last seen. */
  readonly afterMs: number;
  /** Of the whole clip: an event that lasts longer has its beginning, or what is around its `new` if that came late. */
  readonly longestMs: number;
}

export interface ClipsOptions extends ClipTimes {
  readonly camera: string;
  /** Clips lie in it by their `ref`. */
  readonly folder: string;
  readonly ring: Ring;
  /** Whether clips show what privacy masks hide. */
  readonly unmasked: boolean;
  readonly write: (segments: readonly Segment[], path: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** A clip is there, or there will be none. */
  readonly onDone: (track: FalconetEvent['track']['id']) => void;
}

export interface Clips {
  /** What an event says of its clip; to be asked for each event, in their order. */
  of(event: FalconetEvent): FalconetEvent['clip'];
  /** Writes what is under way with what is recorded by now, for so long at most. Idempotent, never rejects. */
  flush(mostMs: number): Promise<void>;
}

interface Plan {
  /** Number of the object's track. */
  readonly track: number;
  readonly from: number;
  readonly ref: string;
  /** As events tell it now. */
  clip: FalconetEvent['clip'];
  /** Ends it at its longest. */
  readonly timer: NodeJS.Timeout;
  /** Its end is settled. */
  isOver: boolean;
  /** Lets its recording go. */
  readonly release: () => void;
}

/** A keyframe later than this is not waited for. */
const KEYFRAME_MS = 20_000;
/** A recording without a segment for so long is none. */
const STALE_MS = 30_000;

/**
 * One clip for each event of a camera that records. It is named from the `new` on, with `end: null` until it is whole;
 * one that could not be written is null, and so is the first word of the next, until one succeeds.
 */
export function createClips(options: ClipsOptions): Clips {
  const { camera, ring, unmasked, beforeMs, afterMs, longestMs, clock, log, onDone } = options;
  const openedAt = clock.now();
  // What became an event long after it was first seen: `before` is kept, and half of the rest lies after the `new`.
  const mostLeadMs = (longestMs + Math.min(beforeMs, longestMs)) / 2;
  const plans = new Map<string, Plan>();
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;
  let isCut = false;

  function begin({ id, start, time, track }: FalconetEvent): FalconetEvent['clip'] {
    const from = Math.max(Date.parse(start) - beforeMs, Date.parse(time) - mostLeadMs);
    const isRecorded = ring.isOver ? ring.end > from : clock.now() - Math.max(ring.end, openedAt) <= STALE_MS;
    if (!isRecorded) return null;
    const ref = `${camera}/${id}.mp4`;
    const until = from + longestMs;
    const plan: Plan = {
      track: track.id,
      from,
      ref,
      clip: isFailing ? null : { ref, start: isoTime(from), end: null, unmasked },
      timer: setTimeout(() => finish(plan, until), Math.max(0, until - clock.now())).unref(),
      isOver: false,
      release: ring.hold(from),
    };
    plans.set(id, plan);
    return plan.clip;
  }

  function finish(plan: Plan, until: number): void {
    if (plan.isOver) return;
    plan.isOver = true;
    clearTimeout(plan.timer);
    const reached = ring.reached(until, Math.max(0, until - clock.now()) + KEYFRAME_MS);
    // One after the other: a disk and a processor are not the faster for two at once.
    writing = writing.then(async () => {
      await reached;
      await write(plan, until);
    });
  }

  async function write(plan: Plan, until: number): Promise<void> {
    const segments = ring.between(plan.from, until);
    const [first, last] = [segments.at(0), segments.at(-1)];
    try {
      if (first === undefined || last === undefined) throw nothingRecorded(camera);
      await options.write(segments, join(options.folder, plan.ref));
      plan.clip = { ref: plan.ref, start: isoTime(first.start), end: isoTime(last.end), unmasked };
      isFailing = false;
    } catch (error) {
      plan.clip = null;
      isFailing = true;
      log.warn({ camera, ...errorFacts(error), error: asError(error).message }, 'an event has no clip');
    }
    plan.release();
    sayIfCut(plan);
    onDone(plan.track);
  }

  function sayIfCut({ from }: Plan): void {
    if (isCut || ring.cutUntil <= from) return;
    isCut = true;
    log.warn(
      { camera },
      'ring_mb is too small for clips of this length, and for those that wait for their turn',
    );
  }

  return {
    of(event) {
      const { id, type, end } = event;
      if (type === 'new') return begin(event);
      const plan = plans.get(id);
      if (plan === undefined || type === 'update') return plan?.clip ?? null;
      plans.delete(id);
      finish(plan, Math.min(Date.parse(end ?? event.time) + afterMs, plan.from + longestMs));
      return plan.clip;
    },
    async flush(mostMs) {
      for (const plan of plans.values()) clearTimeout(plan.timer);
      plans.clear();
      ring.release();
      await within(mostMs, writing);
    },
  };
}

function nothingRecorded(camera: string): FalconetError {
  return new FalconetError('CLIP_FAILED', `${camera}: expected a recording of the event, found none`, {
    hint: 'See why the camera is not recorded in the lines before',
  });
}

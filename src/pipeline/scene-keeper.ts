import type { Keep } from '../core/keep.ts';
import { sceneMemorySchema } from '../core/schema/scene-memory.ts';
import { memoryKey, memoryOf, recall } from '../tracker/recall.ts';
import { initialTracker, type TrackerState } from '../tracker/tracker.ts';

/** Keeps over restarts what a camera's tracker knows of things that stand still. */
export interface SceneKeeper {
  /** A tracker with what was kept last; a fresh one where there is nothing, or nothing that can be read. */
  recall(): TrackerState;
  /**
   * Writes where something has come to rest or has gone since the last writing, every ten seconds at most.
   *
   * @param at - of the look, ms since the epoch.
   */
  note(tracker: TrackerState, at: number): void;
  /** Writes. */
  flush(tracker: TrackerState): void;
}

const DOCUMENT = 'scene-memory';
const LEAST_GAP_MS = 10_000;

/** @param keep - @default nothing outlives the lane */
export function sceneKeeper(camera: string, keep?: Keep): SceneKeeper {
  let key = '';
  let wroteAt = Number.NEGATIVE_INFINITY;
  return {
    recall() {
      const kept = sceneMemorySchema.safeParse(keep?.read(camera, DOCUMENT));
      return kept.success ? recall(kept.data) : initialTracker();
    },
    note(tracker, at) {
      if (keep === undefined || at - wroteAt < LEAST_GAP_MS || memoryKey(tracker) === key) return;
      wroteAt = at;
      this.flush(tracker);
    },
    flush(tracker) {
      key = memoryKey(tracker);
      keep?.write(camera, DOCUMENT, memoryOf(tracker));
    },
  };
}

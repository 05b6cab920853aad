import { bottomCentre } from '../core/box.ts';
import type { SceneMemory } from '../core/schema/scene-memory.ts';
import { firstMotion } from './kalman.ts';
import { groupOf, winner } from './label-groups.ts';
import type { Life } from './life.ts';
import { rememberAll } from './scene-memory.ts';
import { firstScore, medianScore } from './score-summary.ts';
import type { TrackerState } from './tracker.ts';

/** What is to be kept of a tracker over a restart: the places of what stands still, and which numbers are used. */
export function memoryOf({ nextId, lives }: TrackerState): SceneMemory {
  return {
    schema: 'falconet/scene-memory/1',
    nextId,
    places: rememberAll(lives).map(({ id, votes, box, still, scores, firstSeen, lastSeen }) => ({
      id,
      votes: votes.map(([label, weight]) => [label, weight]),
      box: [...box],
      anchor: { box: [...still.anchor.box], at: still.anchor.at },
      score: { best: scores.best, median: medianScore(scores) },
      firstSeen,
      lastSeen,
    })),
  };
}

/**
 * A tracker that has no open track and knows what stood where. An object that is still there goes on under its
 * number, `reacquired`; of its scores it has the best and the median.
 */
export function recall({ nextId, places }: SceneMemory): TrackerState {
  const lives = places.map(({ id, votes, box, anchor, score, firstSeen, lastSeen }): Life => {
    const label = winner(votes);
    return {
      id,
      group: groupOf(label),
      votes,
      label,
      box,
      motion: firstMotion(box),
      scores: { ...firstScore(score.median), best: score.best },
      firstSeen,
      lastSeen,
      path: [bottomCentre(box)],
      still: { stationary: true, anchor, away: 0 },
      looks: [],
      confirmed: true,
      missed: { looks: 0, ms: 0 },
      elsewhereMs: 0,
      hiddenMs: 0,
      reacquired: false,
      memory: 'remembered',
    };
  });
  return { nextId, lookedAt: undefined, lives: lives.toSorted((a, b) => a.id - b.id) };
}

/** Changes when what `memoryOf` would keep has come or gone. */
export function memoryKey({ lives }: TrackerState): string {
  return rememberAll(lives)
    .map(({ id }) => id)
    .join();
}

import { type Box, iou } from '../../../src/core/box.ts';
import type { Detection } from '../../../src/core/detection.ts';
import type { Seen } from '../measures/judged.ts';
import type { SceneFrame } from './scene.ts';

interface Life {
  readonly id: number;
  readonly label: string;
  box: Box;
  hits: number;
  lastSeen: number;
}

const BIRTH = 0.3;
const MIN_IOU = 0.2;
const HITS = 3;
const END_AFTER_MS = 2000;

/**
 * The plain tracker that ours is measured against: greedy overlap of one label with the last box, as in Bochinski et
 * al. 2017, "High-speed tracking-by-detection without using image information", with our births, hits and ends.
 *
 * @returns per frame what it is sure of and sees.
 */
export function iouTracker(frames: readonly SceneFrame[]): Seen[][] {
  let lives: Life[] = [];
  let lastId = 0;
  return frames.map(({ at, detections }) => {
    lives = lives.filter((life) => at - life.lastSeen <= END_AFTER_MS);
    const free = new Set(detections);
    for (const { life, detection } of bestFirst(lives, detections)) {
      if (life.lastSeen === at || !free.delete(detection)) continue;
      life.box = detection.box;
      life.lastSeen = at;
      life.hits++;
    }
    for (const { score, label, box } of free) {
      if (score >= BIRTH) lives.push({ id: ++lastId, label, box, hits: 1, lastSeen: at });
    }
    return lives
      .filter(({ hits, lastSeen }) => lastSeen === at && hits >= HITS)
      .map(({ id, box }) => ({ id, box }));
  });
}

function bestFirst(lives: readonly Life[], detections: readonly Detection[]) {
  const pairs = lives.flatMap((life) =>
    detections
      .filter(({ label }) => label === life.label)
      .map((detection) => ({ life, detection, overlap: iou(life.box, detection.box) })),
  );
  return pairs.filter(({ overlap }) => overlap >= MIN_IOU).sort((a, b) => b.overlap - a.overlap);
}

import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../src/core/clock.ts';
import type { Roster } from '../lib/gateway-node.ts';
import type { DetectorFacts } from '../lib/io.ts';

export interface Followed {
  readonly track: string;
  readonly rules: object;
  /** What looked at it last, once that is known. */
  readonly detector: DetectorFacts | undefined;
}

/** The cameras that a gateway's *track* nodes follow, as far as they have been heard of: the first 200. */
export interface GatewayRoster extends Roster {
  /** Of two *track* nodes that follow one camera, the first, until it has heard nothing of it for a minute. */
  readonly cameras: ReadonlyMap<string, Followed>;
  /** Of the first camera that was looked at, also when that has gone. */
  readonly detector: DetectorFacts | undefined;
  /**
   * Hears of each change.
   *
   * @returns ends it.
   */
  watch(listener: () => void): () => void;
}

/** Names come with messages. */
const MOST_CAMERAS = 200;
const QUIET_MS = 60_000;

export function gatewayRoster({ clock }: { readonly clock: Clock }): GatewayRoster {
  const cameras = new Map<string, Followed>();
  const heardAt = new Map<string, number>();
  const listeners = new Set<() => void>();
  let last: DetectorFacts | undefined;
  const firstDetector = () => [...cameras.values()].find(({ detector }) => detector !== undefined)?.detector;
  const tellAll = (): void => {
    for (const listener of listeners) listener();
  };
  /** Else its zones would come and go with each frame. */
  const isAnothers = (camera: string, track: string): boolean => {
    const by = cameras.get(camera)?.track ?? track;
    return by !== track && clock.now() - (heardAt.get(camera) ?? 0) < QUIET_MS;
  };
  return {
    cameras,
    get detector() {
      return firstDetector() ?? last;
    },
    follow(camera, { track, rules, detector: by }) {
      const known = cameras.get(camera);
      if (isAnothers(camera, track) || (known === undefined && cameras.size >= MOST_CAMERAS)) return;
      heardAt.set(camera, clock.now());
      const detector = by ?? known?.detector;
      const isSame = known?.track === track && known.rules === rules;
      if (isSame && isDeepStrictEqual(known.detector, detector)) return; // every frame of every camera comes by here
      cameras.set(camera, { track, rules, detector });
      tellAll();
    },
    forget(track) {
      last = firstDetector() ?? last;
      for (const [camera, followed] of cameras) {
        if (followed.track !== track) continue;
        cameras.delete(camera);
        heardAt.delete(camera);
      }
      tellAll();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

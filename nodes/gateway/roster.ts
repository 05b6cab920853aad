import type { Roster } from '../lib/gateway-node.ts';
import type { DetectorFacts } from '../lib/io.ts';

export interface Followed {
  readonly track: string;
  readonly rules: object;
}

/** The cameras that a gateway's *track* nodes follow, as far as they have been heard of. */
export interface GatewayRoster extends Roster {
  /** Of two *track* nodes that follow one camera, the one that was heard of last. */
  readonly cameras: ReadonlyMap<string, Followed>;
  /** The first that looked at one of them. */
  readonly detector: DetectorFacts | undefined;
  /**
   * Hears of each change.
   *
   * @returns ends it.
   */
  watch(listener: () => void): () => void;
}

export function gatewayRoster(): GatewayRoster {
  const cameras = new Map<string, Followed>();
  const listeners = new Set<() => void>();
  let detector: DetectorFacts | undefined;
  const tellAll = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    cameras,
    get detector() {
      return detector;
    },
    follow(camera, { track, rules, detector: by }) {
      const known = cameras.get(camera);
      const isNew = known?.track !== track || known.rules !== rules;
      if (!isNew && (by === undefined || detector !== undefined)) return; // every frame of every camera comes by here
      detector ??= by;
      cameras.set(camera, { track, rules });
      tellAll();
    },
    forget(track) {
      for (const [camera, followed] of cameras) if (followed.track === track) cameras.delete(camera);
      tellAll();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

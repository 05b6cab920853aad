import type { StateReport } from '../core/camera-state.ts';
import type { CameraView, Told } from '../core/dashboard.ts';
import type { Delivery } from '../core/sink.ts';
import type { Tally } from '../core/tally.ts';
import { type Lives, newestLives } from './lives.ts';

/**
 * What a gateway tells its page: a sink that is always there, remembers the newest of each thing, and passes all of
 * it on to whoever listens.
 */
export interface Feed {
  readonly lives: Lives;
  /** All that holds now, for who comes later. */
  readonly now: readonly Told[];
  readonly cameras: readonly CameraView[];
  readonly states: readonly StateReport[];
  setCameras(cameras: readonly CameraView[]): void;
  push(delivery: Delivery): void;
  state(state: StateReport): void;
  /** undefined: the camera is gone. */
  tally(camera: string, tally: Tally | undefined): void;
  /** @returns stops it. */
  listen(onTold: (told: Told) => void): () => void;
}

export function createFeed(): Feed {
  const lives = newestLives();
  const states = new Map<string, StateReport>();
  const tallies = new Map<string, Tally>();
  const listeners = new Set<(told: Told) => void>();
  let cameras: readonly CameraView[] = [];
  const tell = (told: Told): void => {
    for (const listener of listeners) listener(told);
  };

  return {
    lives,
    get now() {
      return [
        { kind: 'cameras', cameras } satisfies Told,
        ...[...states.values()].map((state) => ({ kind: 'state', state }) satisfies Told),
        ...[...tallies].map(([camera, tally]) => ({ kind: 'tally', camera, tally }) satisfies Told),
      ];
    },
    get cameras() {
      return cameras;
    },
    get states() {
      return [...states.values()];
    },
    setCameras(next) {
      cameras = next;
      const names = new Set(next.map(({ camera }) => camera));
      for (const camera of states.keys()) if (!names.has(camera)) states.delete(camera);
      tell({ kind: 'cameras', cameras });
    },
    push(delivery) {
      lives.add(delivery);
      tell({ kind: 'event', event: delivery.event });
    },
    state(state) {
      states.set(state.camera, state);
      tell({ kind: 'state', state });
    },
    tally(camera, tally) {
      if (tallies.get(camera) === tally) return;
      if (tally === undefined) tallies.delete(camera);
      else tallies.set(camera, tally);
      tell({ kind: 'tally', camera, tally: tally ?? null });
    },
    listen(onTold) {
      listeners.add(onTold);
      return () => void listeners.delete(onTold);
    },
  };
}

import type { StateReport } from '../../../src/core/camera-state.ts';

/** The camera that is done something to, and those that must not notice. */
export const VICTIM = 'drive';
export const OTHERS = ['porch', 'gate', 'yard'] as const;
export const CAMERAS = [VICTIM, ...OTHERS] as const;
export type Camera = (typeof CAMERAS)[number];

export function byCamera<T>(make: (camera: Camera) => T): Record<Camera, T> {
  return { drive: make('drive'), porch: make('porch'), gate: make('gate'), yard: make('yard') };
}

/** Of the cameras. */
export const USER = 'viewer';
export const PASSWORD = 'secret';

/** What a state topic says, and of which camera. */
export type State = Pick<StateReport, 'state' | 'reason' | 'frames'> & { readonly camera: Camera };

/** A line of the gateway's log. */
export interface Line {
  readonly level: string;
  readonly msg: string;
  /** How many held-back lines it stands for. */
  readonly repeated?: number;
  readonly [fact: string]: unknown;
}

/** What the outside heard of the gateway over a while. */
export interface Heard {
  readonly states: readonly State[];
  readonly lines: readonly Line[];
  /** Events that came into the files. */
  readonly written: number;
}

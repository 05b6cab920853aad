import type { Track } from './track.ts';

/** What the rules make of one track after a frame. */
export interface Judged {
  readonly track: Track;
  /** It is what the configuration asks for, so it becomes an event. Once true, it stays true for the track's life. */
  readonly admitted: boolean;
  /** What happened with this frame, in the words of an event's `reason`: `zone-enter:gate`, `line:kerb:in`. */
  readonly happenings: readonly string[];
  /** The zones that it has been in, in the order in which it first entered them. */
  readonly stays: readonly Stay[];
  /** The lines that it has crossed, oldest first. */
  readonly crossings: readonly Crossing[];
}

/** All the time that one object has spent in one zone. */
export interface Stay {
  readonly zone: string;
  /** When it entered, ms since the epoch; undefined while it is outside. */
  readonly since: number | undefined;
  /** ms of the times before that. */
  readonly beforeMs: number;
}

export interface Crossing {
  readonly line: string;
  readonly direction: 'in' | 'out';
  /** ms since the epoch. */
  readonly at: number;
}

/** How long an object has been in a zone by `at`, ms. */
export function dwellMs({ since, beforeMs }: Stay, at: number): number {
  return since === undefined ? beforeMs : beforeMs + Math.max(0, at - since);
}

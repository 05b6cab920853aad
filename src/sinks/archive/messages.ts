import type { FalconetEvent } from '../../core/schema/event.ts';

/** How much is kept. */
export interface ArchiveLimits {
  /** After the end of a life. */
  readonly maxAgeMs: number;
  /** Of events and pictures together. */
  readonly maxBytes: number;
  /** Of the disk, that stay free. */
  readonly reserveBytes: number;
}

/** Where an archive lies: `events.db` and `pictures/` in the folder. */
export interface ArchivePlace {
  readonly folder: string;
  readonly limits: ArchiveLimits;
}

/** A message of a life, as it came. */
export interface Noted {
  readonly event: FalconetEvent;
  /** JPEG that `event.image` names. */
  readonly image?: Uint8Array;
}

/** What the thread that writes is asked. */
export type WriteRequest =
  | { readonly ask: 'write'; readonly noted: readonly Noted[]; readonly now: number }
  /** As `Retention`. */
  | { readonly ask: 'tidy'; readonly now: number };

export interface WriteAnswer {
  /** Why nothing of it could be done; it is to be tried again. */
  readonly fault?: string;
  /** Lives that went. */
  readonly removed: number;
  /** The disk has less than the reserve free. */
  readonly isTight: boolean;
  /** Where a damaged file is now. */
  readonly setAside?: string;
}

/** What the thread that reads is asked; it answers with the events' JSON. */
export interface FindRequest {
  readonly camera?: string;
  readonly label?: string;
  readonly zone?: string;
  readonly since?: number;
  readonly until?: number;
  readonly before?: { readonly start: number; readonly id: string };
  readonly limit: number;
}

export type FindAnswer = { readonly events: readonly string[] } | { readonly why: string };

/** A text that is kept: what of, by which name, and the text; null where it is to go. */
export interface Entry {
  /** Such as `life` or `document`. */
  readonly kind: string;
  readonly key: string;
  readonly value: string | null;
  /** What belongs to the text and is none, such as a picture; never another one of the same text. */
  readonly bytes?: Uint8Array;
}

/** An entry that is there. */
export type Kept = Entry & { readonly value: string };

/** What the store asks of its thread, one at a time. */
export type Request =
  | { readonly ask: 'open' }
  | { readonly ask: 'write'; readonly entries: readonly Entry[] }
  | { readonly ask: 'close' };

export type Answer =
  | {
      readonly kind: 'opened';
      /** All that is in the file. */
      readonly entries: readonly Kept[];
      /** Where the damaged file is now that was there before. */
      readonly setAside?: string;
    }
  /** Written to disk, or closed. */
  | { readonly kind: 'done' }
  /** The file is closed now: what is to be kept has to be written again, after an `open`. */
  | { readonly kind: 'failed'; readonly why: string; readonly isInUse?: boolean };

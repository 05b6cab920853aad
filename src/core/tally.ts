/** How many objects of each label. A label that was seen once stays, with 0. */
export type Counts = Readonly<Record<string, number>>;

/** What a camera counts, and whether anything moves: it holds until the next one. */
export interface Tally {
  /** Something moves, or did a moment ago; absent where nobody looks for motion. */
  readonly motion?: boolean;
  /** In the whole picture. */
  readonly counts: Counts;
  /** By zone. */
  readonly zones: Readonly<Record<string, ZoneTally>>;
  /** By line and label: how many have crossed it. Never falls, over restarts neither where there is a data folder. */
  readonly lines: Readonly<Record<string, Readonly<Record<string, LineTotals>>>>;
}

export interface ZoneTally {
  readonly counts: Counts;
  readonly occupied: boolean;
  /** Undefined for a zone without a rule for crowds. */
  readonly crowded: boolean | undefined;
}

export interface LineTotals {
  readonly in: number;
  readonly out: number;
}

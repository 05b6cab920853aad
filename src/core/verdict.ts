/** What one rule made of one track at one frame, for whoever asks why there was an event, or none. */
export interface Verdict {
  readonly track: number;
  readonly label: string;
  /** ms since the epoch. */
  readonly at: number;
  /**
   * In the order in which an object must pass them: `confirmed`, `label`, `score`, `area`, `aspect`, `speed`, `mask`,
   * `zones`, `schedule`, `cooldown`. Then what may happen to it: `zone:gate`, `dwell:gate`, `crowd:gate`, `line:kerb`.
   */
  readonly rule: string;
  /** It was passed, or it has happened. */
  readonly fired: boolean;
  /** In words, with what was found and what was asked for: `median score 0.38, asked for 0.5`. */
  readonly why: string;
}

/** A verdict on a track that is known from where it stands. */
export type Remark = Pick<Verdict, 'rule' | 'fired' | 'why'>;

import type { RulesOptions } from './options.ts';

/** Many objects of one label in one zone are a crowd. */
export interface CrowdRule {
  readonly zone: string;
  readonly count: number;
  readonly forMs: number;
}

export interface CrowdState {
  /** Since when there have been enough of them, ms since the epoch; undefined where there are not. */
  readonly since: number | undefined;
  /** They have been enough for long enough. */
  readonly isCrowd: boolean;
}

export const NO_CROWD: CrowdState = { since: undefined, isCrowd: false };

export function crowdRules({ zones = {} }: RulesOptions): CrowdRule[] {
  return Object.entries(zones).flatMap(([zone, { crowd }]) =>
    crowd === undefined ? [] : { zone, ...crowd },
  );
}

/**
 * @param most - how many objects of the label that has most are in the zone.
 * @param at - ms since the epoch.
 */
export function crowdStep(
  { since, isCrowd }: CrowdState,
  rule: CrowdRule,
  most: number,
  at: number,
): CrowdState {
  if (most < rule.count) return NO_CROWD;
  const began = since ?? at;
  return { since: began, isCrowd: isCrowd || at - began >= rule.forMs };
}

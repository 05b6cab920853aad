import type { Summary } from '../../src/cli/bench/summary.ts';

/** What a figure should reach, or stay below. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/**
 * Whether a target is met, in words: of a summary when the interval of its median reaches it, since what lies
 * within the interval cannot be told from the target.
 */
export function verdict(figure: Summary | number, target: Target, unit = ''): string {
  const [low, high] = typeof figure === 'number' ? [figure, figure] : figure.interval;
  const isMore = 'atLeast' in target;
  const isMet = isMore ? high >= target.atLeast : low <= target.atMost;
  const limit = isMore ? target.atLeast : target.atMost;
  return `target ${limit}${unit} or ${isMore ? 'more' : 'less'}: ${isMet ? 'met' : 'missed'}`;
}

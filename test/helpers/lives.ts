import { expect } from 'vitest';
import type { FalconetEvent } from '../../src/core/schema/event.ts';

/**
 * Holds what one camera sent in one run against the promise: each life is one `new`, some `update`s and one `end`, and
 * `seq` and `stream_seq` count from 0 without a gap.
 *
 * @returns how many lives there were.
 */
export function expectWholeLives(events: readonly FalconetEvent[]): number {
  expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, i) => i));
  const lives = Map.groupBy(events, ({ id }) => id);
  for (const life of lives.values()) {
    const updates = new Array<string>(Math.max(0, life.length - 2)).fill('update');
    expect(life.map(({ type }) => type)).toEqual(['new', ...updates, 'end']);
    expect(life.map(({ seq }) => seq)).toEqual(life.map((_, i) => i));
  }
  return lives.size;
}

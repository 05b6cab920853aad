import { describe, expect, test } from 'vitest';
import { outage, type Remark } from '../../src/sinks/outage.ts';

const SETTLED_MS = 60_000;
const REFUSED = { sentence: 'connection refused', hint: 'Start the broker' };
const NO_HOST = { sentence: 'no such host', hint: 'Check the host' };

/** Steps: `up`, `ok` (settled), `short` and `long` (lost after so long), `taken`, `refused`, `nohost`. */
function told(steps: string): string[] {
  const news = outage({ clientId: 'falconet-home', settledMs: SETTLED_MS });
  const step: Record<string, () => Remark | undefined> = {
    up: () => news.connected(),
    ok: () => news.settled(),
    short: () => news.lost(SETTLED_MS - 1, 'other'),
    long: () => news.lost(SETTLED_MS, 'other'),
    taken: () => news.lost(10, 'taken-over'),
    refused: () => news.failed(REFUSED),
    nohost: () => news.failed(NO_HOST),
  };
  return steps.split(' ').flatMap((name) => step[name]?.()?.sentence.split(';')[0] ?? []);
}

describe('the log of a connection', () => {
  const LOST = 'connection lost';
  const TAKEN = 'another client uses the id falconet-home';
  const SHORT = 'the broker ended 3 connections soon after they began';
  test.each([
    {
      name: 'each reason once per outage',
      steps: 'refused refused nohost refused',
      says: ['connection refused', 'no such host'],
    },
    {
      name: 'again in the next outage',
      steps: 'refused up ok long refused',
      says: ['connection refused', 'connected', LOST, 'connection refused'],
    },
    {
      name: 'a good connection that ends and comes back',
      steps: 'up ok long up ok',
      says: ['connected', LOST, 'connected'],
    },
    {
      name: 'a client that pushes this one out, named by the broker',
      steps: 'up taken up taken up taken',
      says: ['connected', TAKEN],
    },
    {
      name: 'and the end of that',
      steps: 'up taken up taken up ok',
      says: ['connected', TAKEN, 'connected'],
    },
    {
      name: 'short connections in a row',
      steps: 'up short up short up short up short',
      says: ['connected', LOST, 'connected', LOST, 'connected', SHORT],
    },
    {
      name: 'short connections with a good one between',
      steps: 'up short up short up ok long up short',
      says: ['connected', LOST, 'connected', LOST, 'connected', LOST, 'connected', LOST],
    },
    {
      name: 'a broker that goes away in the middle of it',
      steps: 'up taken refused refused up taken',
      says: ['connected', TAKEN, 'connection refused'],
    },
  ])('$name', ({ steps, says }) => {
    expect(told(steps)).toEqual(says);
  });
});

import { expect, test } from 'vitest';
import { isAskedFor, latestFirst } from '../../src/core/asked-for.ts';
import { anEvent } from '../helpers/events.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const at = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString();

test.each([
  { name: 'nothing in particular', query: {}, is: true },
  { name: 'another camera', query: { camera: 'porch' }, is: false },
  { name: 'another object', query: { label: 'cat' }, is: false },
  { name: 'a zone that it has entered and left', query: { zone: 'gate' }, is: true },
  { name: 'a zone that it was not in', query: { zone: 'mat' }, is: false },
  { name: 'a time from its last moment on', query: { since: NOON + 300_000 }, is: true },
  { name: 'a time after its end', query: { since: NOON + 300_001 }, is: false },
  { name: 'a time until its beginning', query: { until: NOON }, is: false },
  { name: 'a time until after its beginning', query: { until: NOON + 1 }, is: true },
])('whoever asks for $name has the same list from gateway and page', ({ query, is }) => {
  const zones = { current: [], entered: ['gate'], dwell_s: {} };
  expect(isAskedFor(anEvent({ start: at(0), end: at(5), zones }), query)).toBe(is);
});

test('what is not over is in each time after its beginning', () => {
  expect(isAskedFor(anEvent({ start: at(0), end: null }), { since: NOON + 86_400_000 })).toBe(true);
});

test('the latest is first, and of those that began together always the same', () => {
  const [a, b, c] = [
    { id: 'a', start: at(0) },
    { id: 'b', start: at(0) },
    { id: 'c', start: at(1) },
  ];
  expect([a, b, c].sort(latestFirst)).toEqual([c, b, a]);
  expect([b, c, a].sort(latestFirst)).toEqual([c, b, a]);
});

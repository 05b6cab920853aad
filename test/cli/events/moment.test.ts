import { expect, test } from 'vitest';
import { momentOf } from '../../../src/cli/events/moment.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

test.each([
  { text: '30s', ms: NOW - 30_000 },
  { text: '1h', ms: NOW - 3_600_000 },
  { text: '1.5h', ms: NOW - 5_400_000 },
  { text: '2d', ms: NOW - 2 * 86_400_000 },
  { text: '1w', ms: NOW - 7 * 86_400_000 },
  { text: '2026-11-24', ms: new Date(2026, 10, 24).getTime() },
  { text: '2026-11-24T08:00', ms: new Date(2026, 10, 24, 8).getTime() },
  { text: '2026-11-24T08:00:00.500Z', ms: Date.UTC(2026, 10, 24, 8, 0, 0, 500) },
  { text: '2026-11-24 08:00', ms: new Date(2026, 10, 24, 8).getTime() },
])('$text is the moment that a user means', ({ text, ms }) => {
  expect(momentOf(text, NOW)).toBe(ms);
});

test.each(['', '1', 'h', '1 h', 'yesterday', '2026', '2026-13-01', '1y', '-1h', '24.11.2026', 'Infinityh'])(
  '%j is no moment',
  (text) => {
    expect(momentOf(text, NOW)).toBeUndefined();
  },
);

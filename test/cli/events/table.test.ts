import { expect, test } from 'vitest';
import { eventTable } from '../../../src/cli/events/table.ts';
import { anEvent, anImage } from '../../helpers/events.ts';

test('a table of lives fits its columns and says how long each was there', () => {
  const at = (h: number, m: number, s: number) => new Date(2026, 10, 24, h, m, s).toISOString();
  const lines = eventTable(
    [
      anEvent({
        start: at(8, 0, 1),
        end: at(8, 0, 13),
        image: anImage(),
        zones: { current: [], entered: ['gate', 'drive'], dwell_s: {} },
        lines: [{ name: 'kerb', direction: 'in', time: at(8, 0, 5) }],
      }),
      anEvent({ start: at(8, 1, 0), end: at(8, 34, 0), camera: 'backyard', label: 'dog' }),
      anEvent({ start: at(9, 0, 0), end: at(14, 0, 0) }),
      anEvent({ start: at(15, 0, 0) }),
    ],
    'pictures',
  );
  expect(lines).toEqual([
    'began                camera    label   score  seen for     zones and lines       picture',
    '2026-11-24 08:00:01  drive     person  0.93   12 s         gate, drive, kerb in  pictures/drive/a-0.jpg',
    '2026-11-24 08:01:00  backyard  dog     0.93   33 min',
    '2026-11-24 09:00:00  drive     person  0.93   5.0 h',
    '2026-11-24 15:00:00  drive     person  0.93   still there',
  ]);
});

test('no lives are a head without rows', () => {
  expect(eventTable([], 'pictures')).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { CSV_HEAD, csvLine } from '../../src/sinks/csv.ts';
import { anEvent, anImage } from '../helpers/events.ts';

/** RFC 4180, as a spreadsheet reads it. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

test('each column of a line is what its head says', () => {
  const event = anEvent({
    image: anImage(),
    zones: { current: ['gate'], entered: ['drive', 'gate'], dwell_s: {} },
    lines: [{ name: 'kerb', direction: 'in', time: anEvent().time }],
    reason: ['zone-enter:gate', 'better-picture'],
  });
  const cells = cellsOf(csvLine(event));
  const row = Object.fromEntries(CSV_HEAD.split(',').map((column, i) => [column, cells[i]]));
  expect(cells).toHaveLength(CSV_HEAD.split(',').length);
  expect(row).toMatchObject({
    time: '2026-11-24T08:22:54.523Z',
    type: 'new',
    reason: 'zone-enter:gate better-picture',
    camera: 'drive',
    label: 'person',
    best_score: '0.93',
    end: '',
    x: '0.41',
    zones: 'gate',
    zones_entered: 'drive gate',
    lines: 'kerb:in',
    image: 'drive/a-0.jpg',
    clip: '',
    stream_seq: '0',
  });
});

test.each(['a "quoted", label', 'two\nlines', 'plain', ''])(
  'a label of %j stays one cell of one line',
  (label) => {
    const line = csvLine(anEvent({ label }));
    expect(line).not.toContain('\n');
    expect(cellsOf(line)[CSV_HEAD.split(',').indexOf('label')]).toBe(label.replace('\n', ' '));
  },
);

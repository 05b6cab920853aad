import { describe, expect, test } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { parseConfig } from '../../src/config/load.ts';
import { FalconetError } from '../../src/core/error.ts';

const HEAD = ['cameras:', '  drive:', '    source: a.mp4'];
const SQUARE = '[[0, 0], [1, 0], [1, 1], [0, 1]]';

function parse(lines: readonly string[], top: readonly string[] = []) {
  const text = [...top, ...HEAD, ...lines.map((line) => `    ${line}`)].join('\n');
  return parseConfig(text, { name: 'falconet.yaml', folder: '/', environment: {} });
}

/** Each mistake as `line path: message`; the camera's keys begin in line 4. */
function mistakes(...lines: string[]): string[] {
  try {
    parse(lines);
  } catch (error) {
    if (!(error instanceof FalconetError)) throw error;
    const issues = error.facts['issues'] as ConfigIssue[];
    return issues.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
  return [];
}

describe('an area that is none is told where it stands', () => {
  test.each([
    { name: 'two corners', polygon: '[[0, 0], [1, 1]]', told: 'expected at least 3 corners, got 2' },
    { name: 'no corners', polygon: '[]', told: 'expected at least 3 corners, got 0' },
    {
      name: 'edges that cross',
      polygon: '[[0, 0], [1, 1], [1, 0], [0, 1]]',
      told: 'the edge from corner 1 and the edge from corner 3 meet; name the corners in the order of a walk around',
    },
    {
      name: 'a corner named twice',
      polygon: '[[0, 0], [1, 0], [1, 0], [0, 1]]',
      told: 'corners 2 and 3 are the same',
    },
    { name: 'corners on one line', polygon: '[[0, 0], [0.5, 0.5], [1, 1]]', told: 'meet' },
  ])('$name', ({ polygon, told }) => {
    const zone = mistakes('zones:', '  gate:', `    polygon: ${polygon}`);
    expect(zone).toEqual([expect.stringContaining(told)]);
    expect(zone[0]).toMatch(/^6 cameras\.drive\.zones\.gate\.polygon: /);
    const mask = mistakes('masks:', '  object:', `    - ${SQUARE}`, `    - ${polygon}`);
    expect(mask).toEqual([expect.stringContaining(told)]);
    expect(mask[0]).toMatch(/^7 cameras\.drive\.masks\.object\.1: /);
  });

  test('pixels instead of shares are told at each number, with what was expected', () => {
    expect(
      mistakes(
        'zones:',
        '  gate:',
        '    polygon:',
        '      - [0, 0]',
        '      - [640, 0]',
        '      - [640, -1]',
      ),
    ).toEqual([
      '8 cameras.drive.zones.gate.polygon.1.0: expected at most 1, got 640',
      '9 cameras.drive.zones.gate.polygon.2.0: expected at most 1, got 640',
      '9 cameras.drive.zones.gate.polygon.2.1: expected at least 0, got -1',
    ]);
  });
});

test.each([
  {
    name: 'a line of no length',
    lines: ['lines:', '  kerb:', '    from: [0.5, 0.5]', '    to: [0.5, 0.5]'],
    told: ['7 cameras.drive.lines.kerb.to: expected another point than from'],
  },
  {
    name: 'a zone that the camera does not have',
    lines: [`zones: { gate: { polygon: ${SQUARE} } }`, 'labels:', '  person:', '    zones: [gate, gat]'],
    told: ['7 cameras.drive.labels.person.zones.1: expected a zone of this camera: gate'],
  },
  {
    name: 'a zone where there are none',
    lines: ['labels: { person: { zones: [gate] } }'],
    told: ['4 cameras.drive.labels.person.zones.0: expected a zone of this camera, which has none'],
  },
  {
    name: 'two zones of one name',
    lines: ['zones:', `  gate: { polygon: ${SQUARE} }`, `  gate: { polygon: ${SQUARE} }`],
    told: ['6 : Map keys must be unique'],
  },
  {
    name: 'a name that cannot be a topic',
    lines: [`zones: { "the gate": { polygon: ${SQUARE} } }`],
    told: [expect.stringContaining('expected 1 to 40 of a-z, 0-9, _ and -')],
  },
  {
    name: 'a time that is none',
    lines: [`zones: { gate: { polygon: ${SQUARE}, dwell: soon } }`, 'cooldown: 2 d'],
    told: [
      '4 cameras.drive.zones.gate.dwell: expected a time such as 500ms, 2s, 5m or 1h',
      '5 cameras.drive.cooldown: expected a time such as 500ms, 2s, 5m or 1h',
    ],
  },
  {
    name: 'a time of more than a day',
    lines: ['cooldown: 25h'],
    told: ['4 cameras.drive.cooldown: expected a day at most'],
  },
  {
    name: 'hours that are none',
    lines: ['schedule:', '  - { from: "7:30", to: "25:00" }', '  - { days: [mon, funday] }'],
    told: [
      '5 cameras.drive.schedule.0.from: expected a time of day such as 07:30, from 00:00 to 24:00',
      '5 cameras.drive.schedule.0.to: expected a time of day such as 07:30, from 00:00 to 24:00',
      '6 cameras.drive.schedule.1.days.1: expected one of mon, tue, wed, thu, fri, sat, sun, got a text',
    ],
  },
  {
    name: 'a span that cannot be',
    lines: ['schedule:', '  - { from: "24:00" }', '  - { to: "00:00" }'],
    told: [
      '5 cameras.drive.schedule.0.from: expected a time before 24:00',
      '6 cameras.drive.schedule.1.to: expected 24:00 for midnight',
    ],
  },
])('$name is a mistake', ({ lines, told }) => {
  expect(mistakes(...lines)).toEqual(told);
});

test('a time zone that does not exist is a mistake, and one that does is not', () => {
  expect(() => parse([], ['time_zone: Europe/Entenhausen'])).toThrow(
    'falconet.yaml:1:1 time_zone: expected a time zone such as Europe/Berlin',
  );
  expect(parse([], ['time_zone: Europe/Berlin']).config.time_zone).toBe('Europe/Berlin');
});

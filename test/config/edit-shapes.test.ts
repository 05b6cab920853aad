import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shapesIn, withShapes } from '../../src/config/edit-shapes.ts';
import type { CameraShapes } from '../../src/core/shape-editor.ts';

const FILE = `# My house
gateway: home
mqtt: { url: "mqtt://localhost:1883", password: "\${MQTT_PASSWORD}" }

cameras:
  # to the street
  drive:
    source: rtsp://10.0.0.5/sub   # sub-stream
    password: "\${DRIVE_PASSWORD}"
    username: viewer
    zones:
      # where the postman stands
      gate: { polygon: [[0.1, 0.6], [0.4, 0.6], [0.4, 1], [0.1, 1]], labels: [person], dwell: 2s }
    masks:
      privacy: [[[0.8, 0], [1, 0], [1, 0.3], [0.8, 0.3]]]
      object: [[[0, 0], [0.1, 0], [0.1, 0.1]]]
  porch:
    source: rtsp://10.0.0.6/sub
`;

const GATE = {
  polygon: [
    [0.1, 0.6],
    [0.4, 0.6],
    [0.4, 1],
    [0.1, 1],
  ],
  labels: ['person'],
  dwell: '2s',
}; // prettier-ignore
const MASK = [
  [
    [0, 0],
    [0.1, 0],
    [0.1, 0.1],
  ],
]; // prettier-ignore
const PRIVACY = [
  [
    [0.8, 0],
    [1, 0],
    [1, 0.3],
    [0.8, 0.3],
  ],
]; // prettier-ignore
const AS_IT_IS: CameraShapes = { zones: { gate: GATE }, masks: { object: MASK, privacy: PRIVACY } };
const NOTHING: CameraShapes = { zones: {}, lines: {}, masks: { object: [], motion: [], privacy: [] } };

/** Lines of the one text that the other does not have. */
function other(text: string, than: string): string[] {
  const known = new Set(than.split('\n'));
  return text.split('\n').filter((line) => !known.has(line));
}

test('what is drawn is read as it stands there, without defaults', () => {
  expect(shapesIn(FILE, 'drive')).toEqual(AS_IT_IS);
  expect(shapesIn(FILE, 'porch')).toEqual({});
});

test('what was not changed is the same text, to the last blank', () => {
  expect(withShapes(FILE, 'drive', AS_IT_IS)).toBe(FILE);
});

test('a corner that was moved changes its line alone; comments and placeholders stay', () => {
  const polygon = [
    [0.2, 0.6],
    [0.4, 0.6],
    [0.4, 1],
    [0.1, 1],
  ]; // prettier-ignore
  const text = withShapes(FILE, 'drive', { ...AS_IT_IS, zones: { gate: { ...GATE, polygon } } });
  expect(other(text, FILE)).toEqual([
    '      gate: { polygon: [[0.2, 0.6], [0.4, 0.6], [0.4, 1], [0.1, 1]], labels: [person], dwell: 2s }',
  ]);
  expect(parse(text).cameras.drive.zones.gate.polygon).toEqual(polygon);
  for (const kept of [
    '# My house',
    '# to the street',
    '# sub-stream',
    '# where the postman stands',
    '"${DRIVE_PASSWORD}"',
  ])
    expect(text).toContain(kept);
});

test('zones, lines and masks come and go', () => {
  const lines = { kerb: { from: [0, 0.8], to: [1, 0.8] } };
  const added = withShapes(FILE, 'porch', {
    zones: { mat: { polygon: MASK[0] } },
    lines,
    masks: { object: MASK, motion: MASK, privacy: PRIVACY },
  });
  expect(shapesIn(added, 'porch')).toEqual({
    zones: { mat: { polygon: MASK[0] } },
    lines,
    masks: { object: MASK, motion: MASK, privacy: PRIVACY },
  });
  expect(withShapes(added, 'porch', NOTHING)).toBe(FILE);
  const bare = parse(withShapes(FILE, 'drive', NOTHING)).cameras.drive;
  expect(bare).toEqual({ ...parse(FILE).cameras.drive, zones: undefined, masks: undefined });
});

describe('what is drawn of one camera changes no line of another, and no text', () => {
  const LISTS = FILE.replace('[[0.1, 0.6], [0.4, 0.6]', '[[0.1, 0.6],\n        [0.4, 0.6]')
    .replace('"${DRIVE_PASSWORD}"', '"x[ 1y"')
    .replace('viewer\n', 'the [ 1 ]\n\n\n');
  const OWN_STYLE = LISTS.replace('0.1, 0.6', '.1, .6').replace('1], [0.1, 1]]', '1], [0.1, 1],]');
  const zones = { mat: { polygon: MASK[0] } };
  const drawn = ['    zones:', '      mat:', '        polygon: [[0, 0], [0.1, 0], [0.1, 0.1]]'];

  test.each([
    { name: 'a list over several lines, brackets in texts, blank lines', text: LISTS },
    { name: 'numbers and commas that a print has not', text: OWN_STYLE },
    { name: 'no line break at the end', text: LISTS.trimEnd() },
    { name: 'keys after the cameras', text: `${LISTS}\n# all of it\nlog: { level: info }\n`, after: true },
  ])('$name', ({ text, after = false }) => {
    const wanted = text.trimEnd().split('\n');
    wanted.splice(after ? -3 : wanted.length, 0, ...drawn);
    expect(withShapes(text, 'porch', { zones }).trimEnd().split('\n')).toEqual(wanted);
  });

  test('nor of the same camera but those of the drawing', () => {
    const text = withShapes(LISTS, 'drive', { lines: { kerb: { from: [0, 1], to: [1, 1] } } });
    expect(other(text, LISTS)).toEqual([
      '    lines:',
      '      kerb:',
      '        from: [0, 1]',
      '        to: [1, 1]',
    ]);
    expect(other(LISTS, text)).toEqual([]);
  });

  test('in a file that goes four steps in, either', () => {
    const text = FILE.replaceAll(/^ +/gm, '$&$&');
    const changed = withShapes(text, 'porch', { zones });
    expect(changed).toBe(`${text}${drawn.map((line) => `${line.replace(/^ +/, '$&$&')}\n`).join('')}`);
  });

  test('in one that has all cameras in a line, either', () => {
    const text = 'password: "x[ 1y"\ncameras: { a: { source: "b[ 1" }, c: { source: d } }\n';
    const changed = withShapes(text, 'c', { zones });
    expect(parse(changed)).toEqual({
      password: 'x[ 1y',
      cameras: { a: { source: 'b[ 1' }, c: { source: 'd', zones } },
    });
  });
});

test('a page that knows nothing of privacy masks takes none away', () => {
  expect(withShapes(FILE, 'drive', {})).toBe(FILE);
  const text = withShapes(FILE, 'drive', { zones: {}, masks: { object: [] } });
  expect(parse(text).cameras.drive).toMatchObject({ masks: { privacy: PRIVACY } });
});

test('what a privacy mask is allowed to leave in clips stays beside it', () => {
  const text = FILE.replace(
    '      object: [[[0',
    '      copy_unmasked: true # for the police\n      object: [[[0',
  );
  const moved = withShapes(text, 'drive', { masks: { privacy: MASK } });
  expect(other(moved, text)).toEqual(['      privacy: [[[0, 0], [0.1, 0], [0.1, 0.1]]]']);
});

test('a placeholder that stands in a zone stays there, also under another name', () => {
  const text = FILE.replace('labels: [person]', 'labels: ["${WHO}"]');
  const { zones = {} } = shapesIn(text, 'drive');
  const renamed = withShapes(text, 'drive', { ...AS_IT_IS, zones: { street: zones['gate'] } });
  expect(shapesIn(renamed, 'drive').zones).toEqual({ street: { ...GATE, labels: ['${WHO}'] } });
});

describe('a number is a name as any other', () => {
  const text = FILE.replace('  drive:', '  1:').replace('      gate:', '      2:');

  test('what is drawn there is read', () => {
    expect(shapesIn(text, '1')).toEqual({ ...AS_IT_IS, zones: { '2': GATE } });
  });

  test('what is drawn there can be changed', () => {
    const wanted = { ...AS_IT_IS, zones: { '2': { ...GATE, dwell: '5s' }, '3': GATE } };
    const changed = withShapes(text, '1', wanted);
    expect(shapesIn(changed, '1')).toEqual(wanted);
    expect(other(changed, text)).toEqual([
      '      2: { polygon: [[0.1, 0.6], [0.4, 0.6], [0.4, 1], [0.1, 1]], labels: [person], dwell: 5s }',
      '      "3":',
      ...['polygon: [[0.1, 0.6], [0.4, 0.6], [0.4, 1], [0.1, 1]]', 'labels: [person]', 'dwell: 2s'].map(
        (line) => `        ${line}`,
      ),
    ]);
  });

  test('what is drawn there can be removed', () => {
    const bare = withShapes(text, '1', NOTHING);
    expect(shapesIn(bare, '1')).toEqual({});
    expect(parse(bare).cameras['1']).toEqual({
      ...parse(FILE).cameras.drive,
      zones: undefined,
      masks: undefined,
    });
  });
});

describe('what cannot be changed alone is refused', () => {
  const SHARED = FILE.replace('    zones:\n      # where', '    zones: &places\n      # where').replace(
    '    source: rtsp://10.0.0.6/sub\n',
    '    source: rtsp://10.0.0.6/sub\n    zones: *places\n',
  );

  test.each([
    { name: 'a camera that is not there', text: FILE, camera: 'shed' },
    { name: 'zones that another camera shares', text: SHARED, camera: 'drive' },
    { name: 'zones of another camera', text: SHARED, camera: 'porch' },
    { name: 'a name of objects', text: FILE, camera: '__proto__' },
  ])('$name', ({ text, camera }) => {
    expect(() => withShapes(text, camera, { zones: {} })).toThrow(/REQUEST_REFUSED/);
  });

  test('and what is shared can be read all the same', () => {
    expect(shapesIn(SHARED, 'porch').zones).toEqual({ gate: GATE });
  });
});

test('whatever is drawn is what the file says then, and of all else nothing changes', () => {
  const share = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000);
  const point = fc.tuple(share, share);
  const name = fc.stringMatching(/^[a-z0-9_-]{1,8}$/).filter((key) => key !== '__proto__');
  const zone = fc.record(
    {
      polygon: fc.array(point, { minLength: 3, maxLength: 6 }),
      labels: fc.array(fc.constantFrom('person', 'car', 'no'), { minLength: 1 }),
      dwell: fc.constantFrom('2s', '1m', 5),
    },
    { requiredKeys: ['polygon'] },
  );
  const line = fc.record({ from: point, to: point });
  const map = <T>(values: fc.Arbitrary<T>) =>
    fc.dictionary(name, values, { maxKeys: 4, minKeys: 1, noNullPrototype: true });
  const polygons = fc.array(fc.array(point, { minLength: 3, maxLength: 4 }), { minLength: 1, maxLength: 3 });
  const masks = fc.record({ object: polygons, motion: polygons, privacy: polygons });
  const shapes = fc.record({ zones: map(zone), lines: map(line), masks });
  fc.assert(
    fc.property(fc.constantFrom('drive', 'porch'), shapes, shapes, (camera, first, second) => {
      let text = FILE;
      for (const wanted of [first, second]) {
        text = withShapes(text, camera, wanted);
        expect(shapesIn(text, camera)).toEqual(wanted);
        for (const kept of FILE.split('\n').slice(0, 10)) expect(text.split('\n')).toContain(kept);
      }
      const untouched = camera === 'drive' ? 'porch' : 'drive';
      expect(shapesIn(text, untouched)).toEqual(shapesIn(FILE, untouched));
    }),
    { numRuns: 40 },
  );
});

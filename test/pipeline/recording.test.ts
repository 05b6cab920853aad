import { concatMap, lastValueFrom, tap, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { parseRecording, playRecording } from '../../src/pipeline/recording.ts';

const HEAD = {
  schema: 'falconet/detections/1',
  frame: { width: 640, height: 360 },
  model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
  engine: { name: 'onnx', version: '1' },
  labels: ['person', 'car'],
} as const;
const PERSON = { label: 'person', score: 0.9, box: [0.1, 0.2, 0.3, 0.4] } as const;
const look = (seq: number, detections: readonly unknown[] = []) => ({ seq, pts: seq * 200, detections });
const text = (...lines: readonly unknown[]): string =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');

test('a recording is read as it was written, with or without a last line break', () => {
  const expected = { head: HEAD, looks: [look(0), look(3, [PERSON])] };
  expect(parseRecording(text(HEAD, look(0), look(3, [PERSON])), 'a.jsonl')).toEqual(expected);
  expect(parseRecording(`${text(HEAD, look(0), look(3, [PERSON]))}\n`, 'a.jsonl')).toEqual(expected);
  expect(parseRecording(text(HEAD), 'a.jsonl')).toEqual({ head: HEAD, looks: [] });
});

test.each([
  { name: 'nothing', lines: [], message: /^a.jsonl:1: / },
  { name: 'an event log', lines: [{ schema: 'falconet/event/1' }], message: /^a.jsonl:1: schema: / },
  { name: 'a line cut off', lines: [HEAD, look(0), '{"seq":1,"pts":2'], message: /^a.jsonl:3: / },
  {
    name: 'a score above 1',
    lines: [HEAD, look(0, [{ ...PERSON, score: 2 }])],
    message: /^a.jsonl:2: detections.0.score: /,
  },
  { name: 'a box of three', lines: [HEAD, look(0, [{ ...PERSON, box: [0, 0, 1] }])], message: /box/ },
  {
    name: 'frames out of order',
    lines: [HEAD, look(4), look(4)],
    message: 'a.jsonl:3: expected frames in their order, got 4 after 4',
  },
])('$name is told with its line', ({ lines, message }) => {
  const error = (() => {
    try {
      return parseRecording(text(...lines), 'a.jsonl');
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ code: 'RECORDING_UNREADABLE', message: expect.stringMatching(message) });
});

test('the next frame comes when the one before is released, and is looked at as it was', async () => {
  const lines = [HEAD, look(0), { ...look(1, [PERSON]), squares: [[10, 20, 300, 300]] }];
  const { frames, gate, detector } = playRecording(parseRecording(text(...lines), 'a.jsonl'));
  let held = 0;
  const played = frames({ camera: 'drive' } as Parameters<typeof frames>[0]).pipe(
    tap(() => expect(++held).toBe(1)),
    concatMap(async (frame) => {
      const { camera, seq, pts, width, height } = frame;
      const { squares } = gate.look(frame, []);
      const [detections] = await detector.detect([{ frame }]);
      held--;
      frame.release();
      return { camera, seq, pts, width, height, squares, detections };
    }),
    toArray(),
  );
  const size = { width: 640, height: 360 };
  expect(await lastValueFrom(played, { defaultValue: [] })).toEqual([
    { camera: 'drive', seq: 0, pts: 0, ...size, squares: [{ x: 0, y: 0, ...size }], detections: [] },
    {
      ...{ camera: 'drive', seq: 1, pts: 200, ...size },
      squares: [{ x: 10, y: 20, width: 300, height: 300 }],
      detections: [PERSON],
    },
  ]);
});

import { expect, onTestFinished, test } from 'vitest';
import { createHandleMaker } from '../../nodes/lib/frame-handle.ts';
import { cameraStateFrom, inWords, readPicture, seenFrame } from '../../nodes/lib/io.ts';
import { toldIn } from '../../nodes/lib/told.ts';
import { numberFrom } from '../../src/config/fields.ts';
import { FalconetError } from '../../src/core/error.ts';

test.each([
  { name: 'nothing', payload: undefined, got: 'got nothing' },
  { name: 'null', payload: null, got: 'got nothing' },
  { name: 'a path, which could come from anywhere', payload: '/etc/passwd', got: 'got a string' },
  { name: 'a list', payload: [1, 2], got: 'got an array' },
  { name: 'an object without pixels', payload: {}, got: 'got another object' },
])('msg.payload is no picture: $name', async ({ payload, got }) => {
  await expect(readPicture(payload)).rejects.toThrow(got);
  await expect(readPicture(payload)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
});

test.each([
  ['0.4', 0.4],
  [' 2 ', 2],
  [0.4, 0.4],
  ['auto', 'auto'],
  ['', ''],
  [' ', ' '],
  ['1e999', '1e999'],
  [undefined, undefined],
])('the field %j of a dialog is read as %j', (field, value) => {
  expect(numberFrom(field)).toBe(value);
});

test('who reads a failure reads what to do about it, too', () => {
  const error = inWords(new FalconetError('ENGINE_NONE', 'no engine loads', { hint: 'Install one' }));
  expect(String(error)).toBe('no engine loads (ENGINE_NONE). Install one.');
  expect(error).toHaveProperty('code', 'ENGINE_NONE');
});

const MODEL = { name: 'tiny-ssd', sha256: 'ab'.repeat(32) };
const ENGINE = { name: 'onnx', version: '1' };

function seenBy(detector: unknown) {
  const handles = createHandleMaker();
  onTestFinished(() => handles.close());
  const pixels = { width: 1, height: 1, format: 'rgb24', data: new Uint8Array(3) } as const;
  const frame = handles.handle(
    { camera: 'drive', seq: 0, pts: 0, wallTime: 0, ...pixels, release() {} },
    false,
  );
  return seenFrame({ frame, payload: [], detector });
}

test.each([
  { name: 'nothing', detector: undefined },
  { name: 'no model', detector: { model: null, engine: ENGINE } },
  { name: 'a model without a name', detector: { model: {}, engine: ENGINE } },
  { name: 'no engine', detector: { model: MODEL, engine: 'onnx' } },
  { name: 'no list of labels', detector: { model: MODEL, engine: ENGINE, labels: 5 } },
  { name: 'labels that are no texts', detector: { model: MODEL, engine: ENGINE, labels: [{}] } },
])('a function that leaves $name in msg.detector is told so, and stops no Node-RED', ({ detector }) => {
  expect(() => seenBy(detector)).toThrow('another message');
});

test('msg.detector is taken with its labels, and from a flow that has none', () => {
  expect(seenBy({ model: MODEL, engine: ENGINE, labels: ['cat'] }).detector.labels).toEqual(['cat']);
  expect(seenBy({ model: MODEL, engine: ENGINE }).detector.labels).toBeUndefined();
});

test.each(['porch #1', '../porch', 'a/b', '', 'x'.repeat(41)])(
  'a message that calls its camera %j becomes neither a topic nor a device',
  (camera) => {
    const state = { state: 'online', reason: 'frames', since: '2026-11-24T08:00:00.000Z' };
    const figures = { fps: 5, frames: { came: 1, looked: 1, dropped: {} }, health: {}, refused: {} };
    expect(cameraStateFrom({ payload: { ...state, camera: 'porch' } })).toMatchObject({ camera: 'porch' });
    expect(toldIn({ payload: { ...state, ...figures, camera: 'porch' } })).toMatchObject({ kind: 'state' });
    expect(cameraStateFrom({ payload: { ...state, camera } })).toBeUndefined();
    expect(() => toldIn({ payload: { ...state, ...figures, camera } })).toThrow('expected what track tells');
    expect(() => toldIn({ payload: { camera, tally: null } })).toThrow('expected what track tells');
  },
);

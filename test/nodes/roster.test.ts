import { expect, test, vi } from 'vitest';
import { gatewayRoster } from '../../nodes/gateway/roster.ts';
import { setClock } from '../../src/core/clock.ts';

const [RULES, OTHER_RULES] = [{ zones: {} }, { zones: { mat: {} } }];
const MODEL = { name: 'tiny-ssd', sha256: 'ab'.repeat(32) };
const DETECTOR = { model: MODEL, engine: { name: 'onnx', version: '1' }, labels: ['cat'] };

function roster() {
  const clock = setClock(0);
  const made = gatewayRoster({ clock });
  const told = vi.fn();
  made.watch(told);
  return { ...made, made, clock, told };
}

test('two tracks that follow one camera do not take its zones from each other with each frame', () => {
  const { follow, made, told } = roster();
  for (let n = 0; n < 10; n++) {
    follow('drive', { track: 'a', rules: RULES, detector: structuredClone(DETECTOR) });
    follow('drive', { track: 'b', rules: OTHER_RULES, detector: structuredClone(DETECTOR) });
  }
  expect(told).toHaveBeenCalledOnce();
  expect(made.cameras.get('drive')).toMatchObject({ track: 'a', rules: RULES });
});

test('a camera that was wired to another track has its zones within a minute', () => {
  const { follow, made, clock } = roster();
  follow('drive', { track: 'a', rules: RULES });
  clock.set(60_000);
  follow('drive', { track: 'b', rules: OTHER_RULES });
  expect(made.cameras.get('drive')?.rules).toBe(OTHER_RULES);
});

test('other rules of a track are told at once, and its cameras go with it', () => {
  const { follow, forget, made, told } = roster();
  follow('drive', { track: 'a', rules: RULES });
  follow('porch', { track: 'b', rules: RULES });
  follow('drive', { track: 'a', rules: OTHER_RULES });
  expect(made.cameras.get('drive')?.rules).toBe(OTHER_RULES);
  expect(told).toHaveBeenCalledTimes(3);
  forget('a');
  expect([...made.cameras.keys()]).toEqual(['porch']);
});

test('another model is told of, where nothing but the model was deployed', () => {
  const { follow, made, told } = roster();
  follow('drive', { track: 'a', rules: RULES });
  expect(made.detector).toBeUndefined();
  follow('drive', { track: 'a', rules: RULES, detector: DETECTOR });
  const other = { ...DETECTOR, model: { ...MODEL, name: 'other' } };
  follow('drive', { track: 'a', rules: RULES, detector: other });
  follow('drive', { track: 'a', rules: RULES }); // a state of the camera
  expect(made.detector).toBe(other);
  expect(told).toHaveBeenCalledTimes(3);
});

test('when the last camera has gone, that can still be told', () => {
  const { follow, forget, made } = roster();
  follow('drive', { track: 'a', rules: RULES, detector: DETECTOR });
  forget('a');
  expect(made.cameras.size).toBe(0);
  expect(made.detector).toBe(DETECTOR);
});

test('a function that makes up cameras fills no memory', () => {
  const { follow, made } = roster();
  for (let n = 0; n < 500; n++) follow(`camera${n}`, { track: 'a', rules: RULES });
  expect(made.cameras.size).toBe(200);
});

import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Keep } from '../../src/core/keep.ts';
import { cameraPlans } from '../../src/daemon/camera-plans.ts';
import { type Switchable, switchBoard, withSetting } from '../../src/daemon/switches.ts';

const LABELS = { person: {}, 'traffic light': {} } as never;
const camera: Switchable = { settings: { labels: LABELS }, isRecorded: true };
const unrecorded: Switchable = { settings: { labels: undefined }, isRecorded: false };

describe('a switch', () => {
  test.each([
    { name: 'is set', setting: { name: 'detect', value: 'OFF' }, after: { record: false, detect: false } },
    {
      name: 'is set with a line end',
      setting: { name: 'detect', value: 'ON\n' },
      after: { record: false, detect: true },
    },
    { name: 'goes back to the configuration', setting: { name: 'record', value: '' }, after: {} },
    {
      name: 'of a label is set by its slug',
      setting: { name: 'threshold/traffic-light', value: '0.55' },
      after: { record: false, thresholds: { 'traffic light': 0.55 } },
    },
  ])('$name', ({ setting, after }) => {
    expect(withSetting({ record: false }, setting, camera)).toEqual(after);
  });

  test('of a label goes back to the configuration, the last one without a trace', () => {
    const both = { thresholds: { person: 0.5, 'traffic light': 0.6 } };
    const one = withSetting(both, { name: 'threshold/person', value: '' }, camera);
    expect(one).toEqual({ thresholds: { 'traffic light': 0.6 } });
    expect(withSetting(one, { name: 'threshold/traffic-light', value: '' }, camera)).toEqual({});
  });

  test.each([
    {
      setting: { name: 'power', value: 'ON' },
      of: camera,
      says: 'enabled, detect, record, threshold/person, threshold/traffic-light',
    },
    { setting: { name: 'record', value: 'ON' }, of: unrecorded, says: 'enabled, detect (' },
    {
      setting: { name: 'threshold/constructor', value: '0.5' },
      of: camera,
      says: 'expected a switch of this camera',
    },
    {
      setting: { name: 'threshold/person', value: '0.5' },
      of: unrecorded,
      says: 'expected a switch of this camera',
    },
    { setting: { name: 'detect', value: 'true' }, of: camera, says: 'expected ON or OFF' },
    ...['0.09', '1.01', 'NaN', 'half', '0x1p3', '1e999'].map((value) => ({
      ...{ setting: { name: 'threshold/person', value }, of: camera, says: 'a number from 0.1 to 1' },
    })),
  ])('$setting.name is not set to $setting.value', ({ setting, of, says }) => {
    const set = () => withSetting({}, setting, of);
    expect(set).toThrow(
      expect.objectContaining({ code: 'REQUEST_REFUSED', message: expect.stringContaining(says) }),
    );
  });
});

describe('what was switched', () => {
  const written = new Map<string, unknown>();
  const keep: Keep = {
    read: (of, name) => written.get(`${of} ${name}`),
    write: (of, name, value) => void written.set(`${of} ${name}`, value),
  };

  test('is there after a restart, and what is kept in a form that nobody knows is as good as nothing', () => {
    const before = switchBoard();
    before.use(keep);
    before.set('drive', { enabled: false });
    const after = switchBoard();
    after.use(keep);
    expect(after.of('drive')).toEqual({ enabled: false });
    written.set('yard switches', { enabled: 'maybe' });
    expect(after.of('yard')).toEqual({});
  });

  test('wins over the configuration, and a label that went from there is no mistake', () => {
    const yaml =
      'cameras: { a: { source: a.mp4, clips: {}, labels: { person: { score: 0.5, min_area: 0.1 } } } }';
    const loaded = parseConfig(yaml, { name: 'f', folder: '/', environment: {} });
    const [plan] = cameraPlans(loaded, {
      of: () => ({ enabled: false, detect: false, record: false, thresholds: { person: 0.7, car: 0.9 } }),
    });
    expect(plan).toMatchObject({ enabled: false, detect: false });
    expect(plan).not.toHaveProperty('recording');
    expect(Object.keys(plan?.rules?.labels ?? {})).toEqual(['person']);
    expect(plan?.rules?.labels?.['person']).toMatchObject({ score: 0.7, minArea: 0.1 });
    expect(cameraPlans(loaded)[0]).toHaveProperty('recording');
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Component } from '../../../src/sinks/homeassistant/component.ts';
import { devicesOf } from '../../../src/sinks/homeassistant/devices.ts';
import { aBridgeInfo, aCameraInfo } from '../../helpers/bridge.ts';
import { anEvent } from '../../helpers/events.ts';
import { skipFor } from '../../helpers/installed.ts';
import { jinjaPath, ofPayload, renderAll } from '../../helpers/jinja.ts';
import { DEVICE_TOPIC, deviceRules } from './rules.ts';

const crowded = { yard: { labels: ['person'], crowd: true } };
const infos = [
  { name: 'a camera with all that there is', info: aBridgeInfo() },
  {
    name: 'a camera that looks for every label, without motion, zones, lines and recording',
    info: aBridgeInfo({
      cameras: {
        porch: aCameraInfo({
          ...{ labels: ['person', 'traffic light'], any_label: true, zones: {}, lines: {}, motion: false },
          ...{ recorded: false, switches: { enabled: true, detect: true }, thresholds: {} },
        }),
      },
    }),
  },
  {
    name: 'many cameras',
    info: aBridgeInfo({ cameras: { a: aCameraInfo(), b_c: aCameraInfo({ zones: crowded }) } }),
  },
  { name: 'no camera', info: aBridgeInfo({ cameras: {} }) },
];

test.each(infos)('$name is a device by the rules of Home Assistant', ({ info }) => {
  const devices = devicesOf('falconet', info);
  expect(devices.size).toBe(1 + Object.keys(info.cameras).length);
  for (const [id, device] of devices) {
    expect(`homeassistant/device/${id}/config`).toMatch(DEVICE_TOPIC);
    expect(deviceRules.safeParse(device).error?.issues ?? []).toEqual([]);
  }
});

test('no two entities have one id, whatever cameras, zones and lines are called', () => {
  const zones = { a: { labels: [], crowd: true }, a_occupied: { labels: [], crowd: true } };
  const info = aBridgeInfo({
    cameras: { a: aCameraInfo({ zones, lines: { a: { labels: [] } } }), a_zone: aCameraInfo({ zones }) },
  });
  const ids = [...devicesOf('falconet', info).values()].flatMap(({ components }) =>
    Object.values(components).map((component) => component.unique_id),
  );
  expect(ids.length).toBeGreaterThan(20);
  expect(new Set(ids).size).toBe(ids.length);
});

const cameraOf = (info = aBridgeInfo()): Readonly<Record<string, Component>> =>
  devicesOf('falconet', info).get('falconet_home__drive')?.components ?? {};

test('a user gets an entity for each thing that the camera tells and each that can be switched', () => {
  expect(Object.entries(cameraOf()).map(([key, { platform }]) => `${key} ${platform}`)).toEqual([
    'connection binary_sensor',
    'reason sensor',
    'fps sensor',
    'dropped sensor',
    'motion binary_sensor',
    'count.person sensor',
    'count.car sensor',
    'zone.gate.occupied binary_sensor',
    'zone.gate.count.person sensor',
    'line.kerb event',
    'image.person image',
    'image.car image',
    'enabled switch',
    'detect switch',
    'record switch',
    'threshold.person number',
    'threshold.car number',
  ]);
});

test('what is switched and how the camera is doing hang on the gateway, what it sees on the camera too', () => {
  const hangOn = Object.entries(cameraOf()).map(([key, { availability = [] }]) => [
    key,
    availability.map(({ topic }) => topic),
  ]);
  const gateway = ['falconet/bridge/state'];
  const both = ['falconet/bridge/state', 'falconet/camera/drive/state'];
  for (const [key, topics] of hangOn) {
    const isAlways = /^(connection|reason|enabled|detect|record|threshold\..*)$/.test(String(key));
    expect([key, topics]).toEqual([key, isAlways ? gateway : both]);
  }
});

test('of labels that nobody named the entities are there but not shown', () => {
  const components = cameraOf(aBridgeInfo({ cameras: { drive: aCameraInfo({ any_label: true }) } }));
  const hidden = Object.entries(components)
    .filter(([, { enabled_by_default: shown }]) => shown === false)
    .map(([key]) => key);
  expect(hidden).toEqual([
    'count.person',
    'count.car',
    'zone.gate.count.person',
    'image.person',
    'image.car',
  ]);
});

test('a gateway that hears no requests offers nothing to be set', () => {
  const devices = devicesOf('falconet', aBridgeInfo(), { isHeard: false });
  const platforms = [...devices.values()].flatMap(({ components }) =>
    Object.values(components).map(({ platform }) => platform),
  );
  expect([...new Set(platforms)].sort()).toEqual(['binary_sensor', 'event', 'image', 'sensor']);
});

describe('its templates, rendered by Jinja2,', () => {
  const isThere = jinjaPath() !== undefined;
  beforeEach((context) => {
    if (!isThere) skipFor(context, 'Python has no Jinja2');
  });
  const templateOf = (key: string) => String(cameraOf()[key]?.['value_template']);
  const state = (changes: object = {}) =>
    JSON.stringify({
      ...{ state: 'online', reason: 'frames', since: '2026-11-24T08:00:00.000Z', fps: 4.98 },
      frames: { came: 9, looked: 5, dropped: { late: 1, busy: 2, gated: 40 } },
      ...{ health: {}, refused: {} },
      ...changes,
    });

  test('give exactly online or offline for every state of gateway and camera', () => {
    const templates = Object.values(cameraOf()).flatMap(({ availability = [] }) =>
      availability.map(({ value_template: template }) => template),
    );
    const words = ['online', 'offline', 'connecting', 'stalled', 'disabled'];
    const jobs = [...new Set(templates)].flatMap((template) =>
      words.map((word) => ({ template, variables: ofPayload(state({ state: word })) })),
    );
    const expected = jobs.map(({ variables: { value } }) =>
      String(value).includes('"state":"online"') ? 'online' : 'offline',
    );
    expect(renderAll(jobs)).toEqual(expected);
  });

  test.each([
    { key: 'connection', expected: 'ON' },
    { key: 'reason', expected: 'frames' },
    { key: 'fps', expected: '4.98' },
    { key: 'dropped', expected: '3' },
  ])('tell the $key', ({ key, expected }) => {
    expect(renderAll([{ template: templateOf(key), variables: ofPayload(state()) }])).toEqual([expected]);
  });

  const crossed = { reason: ['zone-enter:gate', 'line:kerb:out'], label: 'car' };
  test.each([
    { name: 'a crossing', event: anEvent(crossed), expected: { event_type: 'out', label: 'car' } },
    {
      name: 'the first word of an object that crosses',
      event: anEvent({ reason: ['confirmed', 'line:kerb:in'] }),
      expected: { event_type: 'in' },
    },
    {
      name: 'a crossing a minute late',
      event: anEvent({ ...crossed, late_s: 60 }),
      expected: { event_type: 'out' },
    },
    {
      name: 'a crossing that comes later than that',
      event: anEvent({ ...crossed, late_s: 60.001 }),
      expected: undefined,
    },
    { name: 'another line', event: anEvent({ reason: ['line:kerb2:in'] }), expected: undefined },
    { name: 'no crossing', event: anEvent(), expected: undefined },
    {
      name: 'both ways at once',
      event: anEvent({ reason: ['line:kerb:in', 'line:kerb:out'] }),
      expected: { event_type: 'in' },
    },
  ])('make an event, or none, of $name', ({ event, expected }) => {
    const [rendered = ''] = renderAll([
      { template: templateOf('line.kerb'), variables: ofPayload(JSON.stringify(event)) },
    ]);
    if (expected === undefined) expect(rendered).toBe('');
    else expect(JSON.parse(rendered)).toMatchObject({ ...expected, id: event.id });
  });
});

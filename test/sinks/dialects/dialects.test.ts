import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../../src/core/package-root.ts';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import { cloudEvent } from '../../../src/sinks/dialects/cloudevents.ts';
import { frigate } from '../../../src/sinks/dialects/frigate.ts';
import { anEvent, anImage, aReport } from '../../helpers/events.ts';

const fixture = (path: string): string => join(packageRoot, 'test/fixtures', path);
const recorded = (clip: string): FalconetEvent[] =>
  readFileSync(fixture(`replay/${clip}/events.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const parsed = (payload: unknown) => JSON.parse(String(payload));

describe.each(['demo', 'cars'])('the events of the clip %s', (clip) => {
  test('are what they were as CloudEvents, in both modes', async () => {
    const events = recorded(clip).map((event) => cloudEvent(event, 'falconet/camera/drive/cloudevent'));
    const both = events.map(({ userProperties, plainPayload }) => ({
      userProperties,
      plain: parsed(plainPayload),
    }));
    await expect(lines(both)).toMatchFileSnapshot(fixture(`dialects/cloudevents-${clip}.jsonl`));
  });

  test('are what they were in the words of Frigate', async () => {
    const dialect = frigate();
    const told = recorded(clip).flatMap((event) => dialect.messages({ event }));
    const all = told.map(({ topic, payload }) => ({ topic, ...parsed(payload) }));
    await expect(lines(all)).toMatchFileSnapshot(fixture(`dialects/frigate-${clip}.jsonl`));
  });
});

/** CloudEvents 1.0.2, "Context Attributes", and its JSON format; extensions are texts here. */
const cloudEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().regex(/^\/[^\s]+$/),
  type: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  dataschema: z.url(),
  sequence: z.string().regex(/^\d+$/),
  datacontenttype: z.literal('application/json'),
  data: z.object({}),
});

test('a CloudEvent has all that it must, and no two have one source and id', () => {
  const made = recorded('cars').map((event) =>
    cloudEventSchema.parse(parsed(cloudEvent(event, 'a').plainPayload)),
  );
  expect(new Set(made.map(({ source, id }) => `${source} ${id}`)).size).toBe(made.length);
});

describe('Frigate', () => {
  const image = anImage();
  const messagesOf = (...events: FalconetEvent[]) => {
    const dialect = frigate();
    return events.flatMap((event) => dialect.messages({ event })).map(({ payload }) => parsed(payload));
  };

  test('has the picture first, and an object in pixels', () => {
    const [snapshot, news] = frigate().messages({
      event: anEvent({ image, zones: { current: ['gate'], entered: ['gate'], dwell_s: {} } }),
      image: new Uint8Array([1]),
    });
    expect(snapshot).toMatchObject({
      topic: 'frigate/drive/person/snapshot',
      retain: true,
      contentType: 'image/jpeg',
    });
    expect(news).toMatchObject({ topic: 'frigate/events', retain: false });
    const { type, before, after } = parsed(news?.payload);
    expect(type).toBe('new');
    expect([before.false_positive, after.false_positive]).toEqual([true, false]);
    expect(after).toMatchObject({
      id: expect.stringMatching(/^1795508574\.123-[0-9a-f]{6}$/),
      ...{ camera: 'drive', label: 'person', top_score: 0.93, has_snapshot: true, has_clip: false },
      ...{ box: [262, 115, 333, 252], area: 71 * 137, region: [0, 0, 640, 360], current_zones: ['gate'] },
      ...{ start_time: 1_795_508_574.123, end_time: null, snapshot: { frame_time: 1_795_508_574.523 } },
    });
  });

  test('tells what was before, also when a message comes again, and of an object of an earlier start', () => {
    const first = anEvent();
    const second = anEvent({ seq: 1, type: 'update', score: { current: 0.5, best: 0.93, median: 0.8 } });
    const end = anEvent({ seq: 2, type: 'end', end: '2026-11-24T08:23:00.000Z', reason: ['lost'] });
    const told = messagesOf(first, second, second, end);
    expect(told.map(({ type, before, after }) => [type, before.score, after.score, after.end_time])).toEqual([
      ['new', 0.81, 0.81, null],
      ['update', 0.81, 0.5, null],
      ['update', 0.81, 0.5, null],
      ['end', 0.5, 0.81, 1_795_508_580],
    ]);
    const [left] = messagesOf(end);
    expect([left.before.end_time, left.before.false_positive]).toEqual([null, false]);
  });

  test('keeps the picture that an object had while messages come without one', () => {
    const first = anEvent({ image });
    const entered = anEvent({ seq: 1, type: 'update', reason: ['zone-enter:gate'] });
    const end = anEvent({ seq: 2, type: 'end', end: '2026-11-24T08:23:00.000Z', reason: ['lost'] });
    const told = messagesOf(first, entered, end);
    const has = ({ before, after }: (typeof told)[number]) => [before.has_snapshot, after.has_snapshot];
    expect(told.map(has)).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    expect(told[2].after.snapshot).toEqual(told[0].after.snapshot);
  });

  test('counts by camera and zone, each label and all, and nothing of a camera that is gone', () => {
    const zones = { gate: { counts: { person: 1 }, occupied: true, crowded: undefined } };
    const tally = { motion: true, counts: { person: 2, 'a/b': 1 }, zones, lines: {} };
    expect(Object.fromEntries(frigate().tally?.('drive', tally) ?? [])).toEqual({
      'frigate/drive/person': '2',
      'frigate/drive/a_b': '1',
      'frigate/drive/all': '3',
      'frigate/gate/person': '1',
      'frigate/gate/all': '1',
      'frigate/drive/motion': 'ON',
    });
    expect(frigate().tally?.('drive', undefined).size).toBe(0);
  });

  test.each([
    { state: 'online', status: 'online' },
    { state: 'connecting', status: 'offline' },
    { state: 'stalled', status: 'offline' },
    { state: 'disabled', status: 'disabled' },
  ] as const)('calls a camera that is $state $status', ({ state, status }) => {
    const topics = frigate({ prefix: 'cctv' }).state?.(aReport({ state }));
    expect([...(topics ?? [])]).toEqual([['cctv/drive/status/detect', status]]);
  });
});

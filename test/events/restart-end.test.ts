import { expect, test } from 'vitest';
import { eventSchema } from '../../src/core/schema/event.ts';
import { restartEnd } from '../../src/events/restart-end.ts';
import { anEvent } from '../helpers/events.ts';

const now = Date.UTC(2026, 10, 25);

test("a life that a crash cut off ends in the old run's name, at what was seen of it last", () => {
  const last = anEvent({ type: 'update', reason: ['moving'], seq: 4, stream_seq: 90 });
  const end = restartEnd(last, { now, streamSeq: 97 });
  expect(() => eventSchema.parse(end)).not.toThrow();
  expect(end).toMatchObject({
    type: 'end',
    reason: ['restart'],
    id: last.id,
    run: last.run,
    seq: 5,
    stream_seq: 97,
    time: '2026-11-25T00:00:00.000Z',
    start: '2026-11-24T08:22:54.123Z',
    end: '2026-11-24T08:22:54.523Z',
    image: null,
    clip: null,
  });
});

test('a clip that was whole before the crash is still named; one that was not will never be', () => {
  const clip = { ref: 'drive/a.mp4', start: '2026-11-24T08:22:49.000Z', end: null, unmasked: false };
  const whole = { ...clip, end: '2026-11-24T08:23:49.000Z' };
  const clipOf = (last: typeof clip | typeof whole | null) =>
    restartEnd(anEvent({ type: 'update', clip: last }), { now, streamSeq: 97 }).clip;
  expect(clipOf(null)).toBeNull();
  expect(clipOf(clip)).toBeNull();
  expect(clipOf(whole)).toEqual(whole);
});

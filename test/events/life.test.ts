import { describe, expect, test } from 'vitest';
import type { Track } from '../../src/core/track.ts';
import { endAll, initialLives, type LifeState, lifeStep } from '../../src/events/life.ts';
import type { LifeOptions } from '../../src/events/options.ts';
import { anEvent } from '../helpers/events.ts';

const START = Date.parse('2026-11-24T08:22:54.123Z');
const options: LifeOptions = {
  gateway: 'home',
  camera: 'drive',
  run: 'k3f9',
  model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
};

const track = (changes: Partial<Track> = {}): Track => ({
  id: 7,
  label: 'person',
  box: [0.41234567, 0.3, 0.1, 0.2],
  score: { current: 0.6, best: 0.6, median: 0.6 },
  firstSeen: START,
  lastSeen: START,
  path: [[0.4623, 0.5]],
  velocity: [-0.00001, 0.123456],
  stationary: false,
  reacquired: false,
  confirmed: true,
  ended: false,
  ...changes,
});
const scored = (current: number) => ({ score: { current, best: current, median: 0.6 } });
const frameAt = (time: number) => ({ seq: 90_211, width: 640, height: 360, time });

/** One life played through looks at seconds after the start; every look shows the track unless it says so. */
function play(looks: readonly (readonly [seconds: number, Partial<Track>])[], using = options) {
  let state = initialLives();
  const told = looks.map(([seconds, changes]) => {
    const time = START + seconds * 1000;
    const input = { tracks: [track({ lastSeen: time, ...changes })], frame: frameAt(time), now: time + 41 };
    const [next, events] = lifeStep(state, input, using);
    state = next;
    return events;
  });
  return { state, told };
}
const reasons = (looks: readonly (readonly [number, Partial<Track>])[]) =>
  play(looks).told.map((events) => events.map(({ type, reason }) => `${type} ${reason.join(' ')}`).join());

describe('new', () => {
  test('carries all that a consumer needs, rounded to four decimals', () => {
    const [[event] = []] = play([[0.4, {}]]).told;
    expect(event).toEqual(
      anEvent({
        score: { current: 0.6, best: 0.6, median: 0.6 },
        box: [0.4123, 0.3, 0.1, 0.2],
        track: {
          id: 7,
          age_s: 0.4,
          stationary: false,
          velocity: [0, 0.1235],
          path: [[0.4623, 0.5]],
          reacquired: false,
        },
      }),
    );
  });

  test.each([
    { name: 'an unconfirmed track', changes: { confirmed: false }, labels: undefined, says: 0 },
    { name: 'a median under 0.4', changes: { score: { current: 1, best: 1, median: 0.39 } }, says: 0 },
    { name: 'a median of 0.4', changes: { score: { current: 0, best: 1, median: 0.4 } }, says: 1 },
    { name: 'a label that nobody asked for', changes: {}, labels: { car: { score: 0.1 } }, says: 0 },
    { name: 'a label like a property of every object', changes: { label: 'toString' }, labels: {}, says: 0 },
    { name: "a score under its label's own", changes: {}, labels: { person: { score: 0.61 } }, says: 0 },
    {
      name: 'a box that is too small',
      changes: {},
      labels: { person: { score: 0, minArea: 0.021 } },
      says: 0,
    },
    {
      name: 'a box of the least area',
      changes: {},
      labels: { person: { score: 0, minArea: 0.019 } },
      says: 1,
    },
  ])('$name: $says events', ({ changes, labels, says }) => {
    const using = labels === undefined ? options : { ...options, labels };
    expect(play([[0, changes]], using).told[0]).toHaveLength(says);
  });

  test('a life goes on when its score falls below the threshold', () => {
    const weak = { score: { current: 0.1, best: 0.6, median: 0.1 } };
    expect(
      reasons([
        [0, {}],
        [1, weak],
        [2, { ...weak, ended: true }],
      ]),
    ).toEqual(['new confirmed', '', 'end lost']);
  });

  test('an object that was known before the source was lost, or in an earlier run, is no news', () => {
    expect(
      reasons([
        [0, { reacquired: true, stationary: true }],
        [1, { reacquired: true, stationary: true }],
        [2, { reacquired: true, ended: true }],
      ]),
    ).toEqual(['', '', '']);
  });

  test('an object found again within its life goes on, and its messages say so', () => {
    const { told } = play([
      [0, {}],
      [80, { reacquired: true }],
    ]);
    expect(told[1]).toMatchObject([{ type: 'update', track: { reacquired: true } }]);
  });
});

describe('update', () => {
  test('nothing changed, nothing said', () => {
    expect(
      reasons([
        [0, {}],
        [1, {}],
        [5, {}],
      ]),
    ).toEqual(['new confirmed', '', '']);
  });

  test('a better picture is told when it beats every picture sent by 0.1, and only on its own frame', () => {
    const unseen = { ...scored(0.95), lastSeen: START };
    expect(
      reasons([
        [0, scored(0.6)],
        [1, scored(0.69)],
        [2, unseen],
        [3, scored(0.7)],
        [4, scored(0.75)],
      ]),
    ).toEqual(['new confirmed', '', '', 'update better-picture', '']);
  });

  test('a better picture within a second of the last message is not worth one', () => {
    expect(
      reasons([
        [0, scored(0.6)],
        [0.9, scored(0.8)],
        [1.1, scored(0.6)],
      ]),
    ).toEqual(['new confirmed', '', '']);
  });

  test('an object that comes to rest and one that drives off are told, once each', () => {
    const rest = { stationary: true };
    expect(
      reasons([
        [0, {}],
        [11, rest],
        [12, rest],
        [20, {}],
        [21, {}],
      ]),
    ).toEqual(['new confirmed', 'update stationary', '', 'update moving', '']);
  });

  test('a heartbeat comes 60 s after the last message, whatever that was', () => {
    const moving = (seconds: number): Partial<Track> => ({ box: [(seconds / 10) % 0.9, 0.3, 0.1, 0.2] });
    const looks = [0, 30, 59, 60, 100, 119, 121].map((s): [number, Partial<Track>] => [s, moving(s)]);
    expect(reasons(looks)).toEqual(['new confirmed', '', '', 'update heartbeat', '', '', 'update heartbeat']);
  });
});

describe('end', () => {
  test('says when the object was last seen, after news of the same frame', () => {
    const { state } = play([[0, {}]]);
    const gone = track({ lastSeen: START + 1000, ended: true });
    const input = { tracks: [gone, track({ id: 8 })], frame: frameAt(START + 3200), now: START + 3250 };
    const [, events] = lifeStep(state, input, options);
    expect(events.map(({ type, seq, stream_seq }) => [type, seq, stream_seq])).toEqual([
      ['new', 0, 1],
      ['end', 1, 2],
    ]);
    expect(events[1]).toMatchObject({ end: '2026-11-24T08:22:55.123Z', time: '2026-11-24T08:22:57.323Z' });
  });

  test('a track that is gone without a word ends too', () => {
    const { state } = play([[0, {}]]);
    const [, events] = lifeStep(
      state,
      { tracks: [], frame: frameAt(START + 200), now: START + 200 },
      options,
    );
    expect(events.map(({ type, reason }) => [type, reason])).toEqual([['end', ['lost']]]);
  });

  test('a lost source ends every life once, and a track that goes on stays silent', () => {
    const { state } = play([[0, {}]]);
    const [ended, events] = endAll(state, { now: START + 9000, reason: 'source-lost' }, options);
    expect(events).toMatchObject([
      { type: 'end', reason: ['source-lost'], seq: 1, time: '2026-11-24T08:23:03.123Z', latency_ms: 0 },
    ]);
    const silent = (from: LifeState, changes: Partial<Track>) =>
      lifeStep(from, { tracks: [track(changes)], frame: frameAt(START + 9100), now: START + 9100 }, options);
    const [after, none] = silent(ended, {});
    expect(none).toEqual([]);
    expect(silent(after, { ended: true })[1]).toEqual([]);
    expect(endAll(after, { now: START + 9200, reason: 'stopped' }, options)[1]).toEqual([]);
  });
});

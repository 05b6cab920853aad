import { describe, expect, test } from 'vitest';
import type { Judged } from '../../src/core/judged.ts';
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
/** What the rules say of it: admitted, and nothing happened. */
const judged = (changes: Partial<Track> = {}, more: Partial<Judged> = {}): Judged => ({
  track: track(changes),
  admitted: true,
  happenings: [],
  stays: [],
  crossings: [],
  ...more,
});
const scored = (current: number) => ({ score: { current, best: current, median: 0.6 } });
const frameAt = (time: number) => ({ seq: 90_211, width: 640, height: 360, time });

/** One life played through looks at seconds after the start; every look shows the track unless it says so. */
function play(looks: readonly (readonly [seconds: number, Partial<Track>])[], using = options) {
  let state = initialLives();
  const told = looks.map(([seconds, changes]) => {
    const time = START + seconds * 1000;
    const input = { judged: [judged({ lastSeen: time, ...changes })], frame: frameAt(time), now: time + 41 };
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

  test('waits until the rules admit the track, and tells what happened to it before', () => {
    const enters = { happenings: ['zone-enter:gate'] };
    const looks = [
      { ...enters, admitted: false },
      { happenings: ['line:kerb:in'], admitted: false },
      { happenings: ['zone-enter:gate', 'dwell:gate'], admitted: false },
      { happenings: [], admitted: true },
    ];
    let state = initialLives();
    const told = looks.map((changes, i) => {
      const time = START + i * 200;
      const input = { judged: [judged({ lastSeen: time }, changes)], frame: frameAt(time), now: time };
      const [next, events] = lifeStep(state, input, options);
      state = next;
      return events.map(({ reason }) => reason);
    });
    expect(told).toEqual([[], [], [], [['confirmed', 'line:kerb:in', 'zone-enter:gate', 'dwell:gate']]]);
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

  test('messages without a picture hold back no better one: an event keeps its worst no longer than need be', () => {
    const rest = { stationary: true };
    expect(
      reasons([
        [0, scored(0.6)],
        [11, { ...scored(0.69), ...rest }],
        [80, { ...scored(0.69), ...rest }],
        [82, { ...scored(0.7), ...rest }],
        [84, { ...scored(0.79), ...rest }],
      ]),
    ).toEqual(['new confirmed', 'update stationary', 'update heartbeat', 'update better-picture', '']);
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
    const gone = judged({ lastSeen: START + 1000, ended: true });
    const input = { judged: [gone, judged({ id: 8 })], frame: frameAt(START + 3200), now: START + 3250 };
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
      { judged: [], frame: frameAt(START + 200), now: START + 200 },
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
      lifeStep(from, { judged: [judged(changes)], frame: frameAt(START + 9100), now: START + 9100 }, options);
    const [after, none] = silent(ended, {});
    expect(none).toEqual([]);
    expect(silent(after, { ended: true })[1]).toEqual([]);
    expect(endAll(after, { now: START + 9200, reason: 'stopped' }, options)[1]).toEqual([]);
  });
});

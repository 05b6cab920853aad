import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point, Polygon } from '../../src/core/polygon.ts';
import type { Track } from '../../src/core/track.ts';
import { compileRules } from '../../src/rules/compile.ts';
import type { LabelRule, RulesOptions } from '../../src/rules/options.ts';
import {
  forgetObjects,
  initialRules,
  type RulesOutput,
  type RulesState,
  rulesStep,
} from '../../src/rules/rules.ts';
import { aTrack, standingAt } from '../helpers/tracks.ts';

const START = Date.parse('2026-11-24T08:00:00.000Z');
const FRAME = { width: 640, height: 360 };
const IN: Point = [0.5, 0.5];
const OUT: Point = [0.9, 0.9];
const SQUARE: Polygon = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
];
const at = (place: Point, changes: Partial<Track> = {}): Partial<Track> => ({
  ...standingAt(place),
  ...changes,
});

/** Frames 200 ms apart, each with its tracks; every one shows its tracks unless they say otherwise. */
function play(frames: readonly (readonly Partial<Track>[])[], options: RulesOptions = {}, everyMs = 200) {
  const rules = compileRules(options);
  let state = initialRules(rules);
  const outputs: RulesOutput[] = [];
  for (const [i, tracks] of frames.entries()) {
    const time = START + i * everyMs;
    const input = {
      tracks: tracks.map((track) => aTrack({ lastSeen: time, ...track })),
      frame: FRAME,
      explain: true,
    };
    const [next, output] = rulesStep(state, input, time, rules);
    state = next;
    outputs.push(output);
  }
  const admitted = outputs.map(({ judged }) =>
    judged.filter((one) => one.admitted).map(({ track }) => track.id),
  );
  const happened = outputs.map(({ judged }) => judged.flatMap(({ happenings }) => happenings).join(' '));
  return { state, outputs, admitted, happened, rules };
}
const repeat = <T>(times: number, value: T): T[] => new Array<T>(times).fill(value);

describe('an object becomes an event', () => {
  const only = (rule: Partial<LabelRule>): RulesOptions => ({ labels: { person: { score: 0.4, ...rule } } });

  test.each<{ name: string; track?: Partial<Track>; options?: RulesOptions; rule?: string; why?: string }>([
    { name: 'of any label where none is named', track: { label: 'sheep' } },
    { name: 'unless it is not confirmed', track: { confirmed: false }, rule: 'confirmed' },
    {
      name: 'unless its label is not asked for',
      track: { label: 'car' },
      options: only({}),
      rule: 'label',
      why: 'car is not asked for',
    },
    {
      name: 'unless its label is like a property of every object',
      track: { label: 'toString' },
      options: only({}),
      rule: 'label',
    },
    {
      name: 'unless its median score is too low',
      track: { score: { current: 1, best: 1, median: 0.38 } },
      options: only({ score: 0.5 }),
      rule: 'score',
      why: 'median score 0.38, asked for 0.5',
    },
    { name: 'with just that score', track: { score: { current: 0, best: 1, median: 0.4 } } },
    {
      name: 'unless it is too small',
      options: only({ minArea: 0.021 }),
      rule: 'area',
      why: 'area 0.02, asked for 0.021 at least',
    },
    { name: 'of just that size', options: only({ minArea: 0.0199, maxArea: 0.021 }) },
    { name: 'unless it is too large', options: only({ maxArea: 0.019 }), rule: 'area' },
    {
      name: 'unless it is too wide',
      options: only({ maxAspect: 0.8 }),
      rule: 'aspect',
      why: 'width by height 0.889, asked for 0.8 at most',
    },
    { name: 'unless it is too narrow', options: only({ minAspect: 0.9 }), rule: 'aspect' },
    {
      name: 'unless it is as fast as only insects are',
      track: { velocity: [0.1, -2.5] },
      options: only({ maxSpeed: 2 }),
      rule: 'speed',
      why: 'speed 2.5, asked for 2 at most',
    },
    { name: 'unless it stands in a mask', options: { masks: [SQUARE] }, rule: 'mask' },
    {
      name: 'unless it has been in none of its zones',
      options: { ...only({ zones: ['gate'] }), zones: { gate: { polygon: SQUARE } } },
      track: at(OUT),
      rule: 'zones',
      why: 'has been in none of gate',
    },
    {
      name: 'unless it is outside its schedule',
      options: { schedule: { timeZone: 'UTC', times: [{ days: ['tue'], from: 0, to: 8 * 60 }] } },
      rule: 'schedule',
      why: 'outside its schedule',
    },
    {
      name: 'in the schedule of its label, whatever that of the camera',
      options: {
        schedule: { timeZone: 'UTC', times: [] },
        ...only({ schedule: { timeZone: 'UTC', times: [{ days: ['tue'], from: 8 * 60, to: 9 * 60 }] } }),
      },
    },
  ])('$name', ({ track = {}, options = {}, rule, why }) => {
    const { admitted, outputs } = play([[{ ...at(IN), ...track }]], options);
    expect(admitted).toEqual([rule === undefined ? [1] : []]);
    const last = outputs[0]?.verdicts.findLast((verdict) => !/:/.test(verdict.rule));
    expect(last).toMatchObject({ track: 1, at: START, rule: rule ?? 'cooldown', fired: rule === undefined });
    if (why !== undefined) expect(last?.why).toBe(why);
  });

  test('and stays one, whatever becomes of its score and place', () => {
    const weak = { score: { current: 0.1, best: 0.6, median: 0.1 } };
    expect(play([[at(OUT)], [at(IN, weak)], [at(IN, weak)]], { masks: [SQUARE] }).admitted).toEqual([
      [1],
      [1],
      [1],
    ]);
  });

  test('only in a frame that shows it', () => {
    const unseen = { lastSeen: START };
    expect(play([[{ confirmed: false }], [unseen], [{}]]).admitted).toEqual([[], [], [1]]);
  });

  test('once it has been in its zone for the dwell, and then stays one wherever it goes', () => {
    const options = {
      labels: { person: { score: 0.4, zones: ['gate'] } },
      zones: { gate: { polygon: SQUARE, dwellMs: 1000 } },
    };
    const { admitted, happened } = play([...repeat(6, [at(IN)]), ...repeat(3, [at(OUT)])], options);
    expect(admitted).toEqual([...repeat(5, []), ...repeat(4, [1])]);
    expect(happened).toEqual(['', '', 'zone-enter:gate', '', '', 'dwell:gate', '', '', 'zone-leave:gate']);
  });
});

describe('cooldown', () => {
  const options: RulesOptions = {
    cooldownMs: 1000,
    labels: { person: { score: 0.4 }, car: { score: 0.4, cooldownMs: 0 } },
  };

  test('lets one event of a label through, and the next only after it; what it holds back does not prolong it', () => {
    const frames = [[{}], ...repeat(5, [{}, { id: 2 }, { id: 3 }])];
    expect(play(frames, options).admitted).toEqual([[1], [1], [1], [1], [1], [1, 2]]);
  });

  test('of one label does not concern another', () => {
    const cars = [
      { id: 2, label: 'car' },
      { id: 3, label: 'car' },
    ];
    expect(play([[{}, ...cars]], options).admitted).toEqual([[1, 2, 3]]);
  });

  test('at the gate holds back nobody elsewhere, and there not who has walked on', () => {
    const zones = { gate: { polygon: SQUARE, inertia: 1 } };
    const here = at(IN);
    const second = at(IN, { id: 2 });
    const elsewhere = at(OUT, { id: 3 });
    const walkedOn = at([0.9, 0.5], { id: 2 });
    const frames = [[here], [here, second], [here, second, elsewhere], [here, walkedOn, elsewhere]];
    expect(play(frames, { zones, cooldownMs: 500 }).admitted).toEqual([[1], [1], [1, 3], [1, 3]]);
    const alone = frames.map((tracks) => tracks.filter((track) => track !== elsewhere));
    expect(play(alone, { zones, cooldownMs: 500 }).admitted).toEqual([[1], [1], [1], [1, 2]]);
  });

  test('says how long it still lasts', () => {
    const { outputs } = play([[{}], [{}, { id: 2 }]], { cooldownMs: 30_000 });
    const told = outputs[1]?.verdicts.find(({ track, rule }) => track === 2 && rule === 'cooldown');
    expect(told).toMatchObject({ fired: false, why: '30 s of cooldown left' });
  });

  test('is over when the clock falls by hours: better one event too many than none', () => {
    const rules = compileRules({ cooldownMs: 60_000 });
    const step = (state: RulesState, id: number, time: number) =>
      rulesStep(state, { tracks: [aTrack({ id, lastSeen: time })], frame: FRAME }, time, rules);
    const [after] = step(initialRules(rules), 1, START);
    expect(step(after, 2, START - 3_600_000)[1].judged[0]?.admitted).toBe(true);
  });

  test('does not begin with an object that was found again and is not told of', () => {
    expect(play([[{ reacquired: true }, { id: 2 }]], options).admitted).toEqual([[1, 2]]);
  });

  test('begins with an object that was hidden a moment before it became an event', () => {
    const weak = { score: { current: 0.3, best: 0.3, median: 0.3 } };
    const found = { reacquired: true };
    const frames = [[weak], [weak, { id: 2, ...weak }], [found, { id: 2 }]];
    expect(play(frames, options).admitted).toEqual([[], [], [1]]);
  });
});

describe('counts', () => {
  const zones = {
    gate: { polygon: SQUARE, inertia: 1 },
    cars: { polygon: SQUARE, inertia: 1, labels: ['car'] },
  };

  test('start at 0 for every label that is asked for', () => {
    const { state } = play([], {
      labels: { person: { score: 0.4 } },
      zones,
      lines: { kerb: { from: [0, 0.5], to: [1, 0.5] } },
    });
    expect(state.tally).toEqual({
      counts: { person: 0 },
      zones: {
        gate: { counts: { person: 0 }, occupied: false, crowded: undefined },
        cars: { counts: { car: 0 }, occupied: false, crowded: undefined },
      },
      lines: { kerb: { person: { in: 0, out: 0 } } },
    });
  });

  test('tell who is in the picture and in each zone, and fall to 0 when they go', () => {
    const both = [at(IN), at(OUT, { id: 2 }), at(IN, { id: 3, label: 'car' })];
    const seen = play([both], { zones }).state.tally;
    expect(seen.counts).toEqual({ person: 2, car: 1 });
    expect(seen.zones).toMatchObject({
      gate: { counts: { person: 1, car: 1 }, occupied: true },
      cars: { counts: { car: 1 }, occupied: true },
    });
    const gone = both.map((track) => ({ ...track, ended: true }));
    const empty = play([both, gone, []], { zones }).state.tally;
    expect(empty.counts).toEqual({ person: 0, car: 0 });
    expect(empty.zones).toMatchObject({ gate: { counts: { person: 0, car: 0 }, occupied: false } });
  });

  test('have who is cut off by the lower edge in a zone that reaches down to it, however its box is rounded', () => {
    const floor: Polygon = [...SQUARE.slice(0, 2), [0.75, 1], [0.25, 1]];
    const box = [0.4, 0.7, 0.2, 0.3000000000000002] as const;
    const { state } = play([[{ box }]], { zones: { floor: { polygon: floor, inertia: 1 } } });
    expect(state.tally.zones).toMatchObject({ floor: { counts: { person: 1 } } });
  });

  test('leave out what is too weak, masked or not asked for, and not what only a cooldown holds back', () => {
    const tracks = [
      {},
      { id: 2 },
      { id: 3, score: { current: 0.1, best: 0.1, median: 0.1 } },
      { id: 4, label: 'dog' },
    ];
    const { state, admitted } = play([tracks], { labels: { person: { score: 0.4 } }, cooldownMs: 60_000 });
    expect(admitted).toEqual([[1]]);
    expect(state.tally.counts).toEqual({ person: 2 });
  });

  test('are the same object while nothing changes, so that nobody need compare them', () => {
    const rules = compileRules({ zones });
    const step = (state: RulesState, time: number): RulesState =>
      rulesStep(state, { tracks: [aTrack({ ...at(IN), lastSeen: time })], frame: FRAME }, time, rules)[0];
    const first = step(initialRules(rules), START);
    expect(step(first, START + 200).tally).toBe(first.tally);
  });

  test('of a line never fall, and wait for an object to be believed', () => {
    const lines = { kerb: { from: [0, 0.5], to: [1, 0.5] } } as const;
    const young = { confirmed: false };
    const way = [[at([0.5, 0.3], young)], [at([0.5, 0.8], young)]];
    const { state, happened } = play(way, { lines });
    expect(happened).toEqual(['', 'line:kerb:in']);
    expect(state.tally.lines).toEqual({ kerb: {} });
    const believed = play([...way, [at([0.5, 0.9])], [at([0.5, 0.9])]], { lines });
    expect(believed.state.tally.lines).toEqual({ kerb: { person: { in: 1, out: 0 } } });
    expect(believed.outputs.at(-1)?.judged[0]?.crossings).toEqual([
      { line: 'kerb', direction: 'in', at: START + 200 },
    ]);
    expect(forgetObjects(believed.state, believed.rules).tally).toMatchObject({
      counts: { person: 0 },
      lines: { kerb: { person: { in: 1 } } },
    });
  });
});

test.each(['constructor', '__proto__'])('a zone or line named %s is counted like any other', (name) => {
  const { state } = play([[at([0.5, 0.3])], [at([0.5, 0.7])]], {
    zones: { [name]: { polygon: SQUARE, inertia: 1 } },
    lines: { [name]: { from: [0, 0.5], to: [1, 0.5] } },
  });
  expect(Object.entries(state.tally.zones)).toEqual([
    [name, { counts: { person: 1 }, occupied: true, crowded: undefined }],
  ]);
  expect(Object.entries(state.tally.lines)).toEqual([[name, { person: { in: 1, out: 0 } }]]);
});

test('a crowd is told once, by the last who joined it, and again only after it has dispersed', () => {
  const zones = { gate: { polygon: SQUARE, inertia: 1, crowd: { count: 3, forMs: 400 } } };
  const two = [at(IN), at(IN, { id: 2 })];
  const three = [...two, at(IN, { id: 3 })];
  const other = [...two, at(IN, { id: 3, label: 'dog' })];
  const { outputs, state, rules } = play([two, ...repeat(4, three), other, ...repeat(3, three)], { zones });
  const told = outputs.map(({ judged }) =>
    judged.flatMap(({ track, happenings }) =>
      happenings.filter((what) => what === 'crowd:gate').map(() => track.id),
    ),
  );
  expect(told).toEqual([[], [], [], [3], [], [], [], [], [3]]);
  expect(state.tally.zones).toMatchObject({ gate: { crowded: true } });
  expect(forgetObjects(state, rules).tally.zones).toMatchObject({
    gate: { crowded: false, occupied: false },
  });
});

test('tracks that made no event are counted by the rule that kept them from it', () => {
  const weak = { score: { current: 0.1, best: 0.1, median: 0.1 } };
  const held = { id: 2, label: 'dog' };
  const tracks = [{}, { id: 3, ...weak }, held, { id: 4, label: 'dog' }];
  const options = { cooldownMs: 60_000 };
  const { state } = play([tracks, tracks.map((track) => ({ ...track, ended: true }))], options);
  expect(state.refused).toEqual({ score: 1, cooldown: 1 });
});

describe('time that does what it likes', () => {
  const zones = { gate: { polygon: SQUARE } };

  test('a frame that comes again counts once', () => {
    const same = [at(IN, { lastSeen: START })];
    expect(play(repeat(9, same), { zones }).happened.filter(Boolean)).toEqual([]);
  });

  test('a frame that comes too late moves nobody', () => {
    const lastSeen = START + 400;
    const frames = [[at(IN)], [at(IN)], [at(IN)], [at(OUT, { lastSeen: START })], [at(IN, { lastSeen })]];
    expect(play(frames, { zones }).happened).toEqual(['', '', 'zone-enter:gate', '', '']);
  });

  test('frames an hour apart take two looks, and the hours count as time inside', () => {
    const { happened, outputs } = play(repeat(3, [at(IN)]), { zones }, 3_600_000);
    expect(happened).toEqual(['', 'zone-enter:gate', '']);
    expect(outputs.at(-1)?.judged[0]?.stays).toEqual([{ zone: 'gate', since: START, beforeMs: 0 }]);
  });

  test('whatever it does, nothing breaks, and no time inside is below 0', () => {
    const look = fc.tuple(
      fc.integer({ min: -7_200_000, max: 7_200_000 }),
      fc.constantFrom(IN, OUT, [0.75, 0.75] as const),
    );
    fc.assert(
      fc.property(fc.array(look, { maxLength: 30, size: 'max' }), (looks) => {
        const options = compileRules({
          zones: { gate: { polygon: SQUARE, dwellMs: 1000, crowd: { count: 2, forMs: 500 } } },
          lines: { kerb: { from: [0, 0.6], to: [1, 0.6] } },
          cooldownMs: 1000,
        });
        let state = initialRules(options);
        let time = START;
        for (const [wait, place] of looks) {
          time += wait;
          const tracks = [
            aTrack({ ...at(place), lastSeen: time }),
            aTrack({ ...at(IN), id: 2, lastSeen: time }),
          ];
          const [next, { judged }] = rulesStep(state, { tracks, frame: FRAME }, time, options);
          state = next;
          for (const { stays } of judged) {
            for (const { beforeMs } of stays) expect(beforeMs).toBeGreaterThanOrEqual(0);
          }
          expect(state.tally.counts).toEqual({ person: 2 });
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('verdicts say of each zone and line what it saw, and are not made when nobody asks', () => {
  const options: RulesOptions = {
    zones: { gate: { polygon: SQUARE, dwellMs: 2000 }, cars: { polygon: SQUARE, labels: ['car'] } },
    lines: { kerb: { from: [0, 0.6], to: [1, 0.6] } },
  };
  const { outputs, rules } = play([...repeat(4, [at(IN)]), [at([0.5, 0.7])]], options);
  const places = (i: number) =>
    outputs[i]?.verdicts
      .filter(({ rule }) => /:/.test(rule))
      .map(({ rule, fired, why }) => `${rule} ${fired}: ${why}`);
  expect(places(1)).toEqual([
    'zone:gate false: outside, 2 of 3 looks say otherwise',
    'zone:cars false: person is not asked for there',
    'line:kerb false: has been clearly on its left only',
  ]);
  expect(places(4)).toEqual([
    'zone:gate true: inside for 0.8 s',
    'dwell:gate false: inside for 0.8 of 2 s',
    'zone:cars false: person is not asked for there',
    'line:kerb true: crossed in',
  ]);
  const [, { verdicts }] = rulesStep(initialRules(rules), { tracks: [aTrack()], frame: FRAME }, 0, rules);
  expect(verdicts).toEqual([]);
});

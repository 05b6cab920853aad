import { beforeEach, expect, test } from 'vitest';
import type { Detection } from '../../src/core/detection.ts';
import type { Point } from '../../src/core/polygon.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Tally } from '../../src/core/tally.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import type { RulesOptions, ZoneRule } from '../../src/rules/options.ts';
import { type SyntheticCamera, syntheticCamera } from '../helpers/synthetic-camera.ts';
import { standingAt } from '../helpers/tracks.ts';

const START = Date.parse('2026-11-24T08:00:00.000Z');
const RULES: RulesOptions = {
  labels: { person: { score: 0.5 } },
  zones: {
    drive: {
      polygon: [
        [0, 0.5],
        [1, 0.5],
        [1, 1],
        [0, 1],
      ],
      dwellMs: 2000,
    },
  },
  lines: { kerb: { from: [0, 0.55], to: [1, 0.55] } },
};

const ROAD: ZoneRule = {
  polygon: [
    [0, 0],
    [1, 0],
    [1, 0.3],
    [0, 0.3],
  ],
  labels: ['car'],
};

let events: FalconetEvent[];
let told: (Tally | undefined)[];
let verdicts: Verdict[];
beforeEach(() => {
  events = [];
  told = [];
  verdicts = [];
});

function open(rules: RulesOptions): SyntheticCamera {
  return syntheticCamera({
    plan: { camera: 'drive', rules },
    startMs: START,
    onEvent: (event) => events.push(event),
    onTally: (tally) => told.push(tally),
    onVerdicts: (some) => verdicts.push(...some),
  });
}

/** A person at each of these heights, from left to right through the picture, five frames a second. */
async function walk(camera: SyntheticCamera, ys: readonly number[]): Promise<void> {
  for (const [i, y] of ys.entries()) {
    const place: Point = [0.2 + i * 0.015, y];
    const person: Detection = { label: 'person', score: 0.8, ...standingAt(place, 0.1, 0.3) };
    await camera.look(camera.now + 200, [person]);
  }
}
/** Five frames of a person who is hardly to be made out. */
async function standFaintly(camera: SyntheticCamera): Promise<void> {
  const faint: Detection = { label: 'person', score: 0.25, ...standingAt([0.5, 0.6], 0.1, 0.3) };
  for (let i = 0; i < 5; i++) await camera.look(camera.now + 200, [faint]);
}
/** Down the picture into the drive, four seconds there, and up again. */
const VISIT = [
  0.4,
  0.43,
  0.46,
  0.49,
  0.52,
  0.56,
  0.6,
  0.64,
  ...new Array<number>(18).fill(0.66),
  0.62,
  0.58,
  0.54,
  0.5,
  0.46,
  0.42,
  0.4,
  0.4,
];

test('an event says where the object went, when, and for how long', async () => {
  const camera = open(RULES);
  await walk(camera, VISIT);
  await camera.close();
  const reasons = events.map(({ type, reason }) => `${type} ${reason.join(' ')}`);
  expect(reasons).toEqual([
    'new confirmed',
    'update zone-enter:drive line:kerb:in',
    'update dwell:drive',
    'update line:kerb:out',
    'end stopped zone-leave:drive',
  ]);
  const last = events.at(-1);
  expect(last?.zones).toEqual({ current: [], entered: ['drive'], dwell_s: { drive: expect.closeTo(5, 0) } });
  expect(last?.lines.map(({ name, direction }) => `${name} ${direction}`)).toEqual(['kerb in', 'kerb out']);
  expect(Date.parse(last?.lines[0]?.time ?? '')).toBeGreaterThan(START);
});

test('counts follow the person, and fall to 0 when the source is lost', async () => {
  const camera = open(RULES);
  camera.find();
  expect(told.at(-1)).toMatchObject({ counts: { person: 0 }, zones: { drive: { occupied: false } } });
  await walk(camera, VISIT.slice(0, 15));
  expect(told.at(-1)).toMatchObject({
    counts: { person: 1 },
    zones: { drive: { counts: { person: 1 }, occupied: true } },
    lines: { kerb: { person: { in: 1, out: 0 } } },
  });
  camera.lose();
  expect(told.at(-1)).toMatchObject({ counts: { person: 0 }, zones: { drive: { occupied: false } } });
  await camera.close();
});

test('totals of a line go on where they were when the camera is started again', async () => {
  const camera = open(RULES);
  await walk(camera, VISIT);
  await camera.restart();
  camera.find();
  expect(told.at(-1)?.lines).toEqual({ kerb: { person: { in: 1, out: 1 } } });
  await camera.close();
});

test('after a power cut what was counted is told to be 0, where no label is named either', async () => {
  const camera = open({ zones: { ...RULES.zones, road: ROAD } });
  await walk(camera, VISIT.slice(0, 15));
  expect(told.at(-1)?.counts).toEqual({ person: 1 });
  camera.crash();
  camera.find();
  expect(told.at(-1)).toMatchObject({
    counts: { person: 0 },
    zones: { drive: { counts: { person: 0 }, occupied: false }, road: { counts: { car: 0 } } },
  });
  expect(told.at(-1)?.zones['road']?.counts).not.toHaveProperty('person');
  await camera.close();
});

test('numbers of a camera that is gone are told as gone', async () => {
  const camera = open(RULES);
  await walk(camera, VISIT.slice(0, 6));
  camera.lane.setState({ camera: 'drive', state: 'disabled', reason: 'stopped', since: camera.now });
  await camera.close();
  expect(told.at(-1)).toBeUndefined();
});

test('a person who makes no event is explained', async () => {
  const camera = open({ ...RULES, labels: { person: { score: 0.9 } } });
  await walk(camera, VISIT.slice(0, 6));
  await camera.close();
  expect(events).toEqual([]);
  const last = verdicts.findLast(({ fired, rule }) => !fired && !rule.includes(':'));
  expect(last).toMatchObject({
    track: 1,
    label: 'person',
    rule: 'score',
    why: 'median score 0.8, asked for 0.9',
  });
});

test('who is asked for from a score of 0.2 makes an event with 0.25', async () => {
  const camera = open({ labels: { person: { score: 0.2 } } });
  await standFaintly(camera);
  expect(events.map(({ type }) => type)).toEqual(['new']);
  await camera.close();
});

test('a score that is set lower while the camera runs holds for who comes then', async () => {
  const camera = open(RULES);
  await standFaintly(camera);
  expect(events).toEqual([]);
  camera.lane.setScores({ person: { score: 0.2 } });
  await standFaintly(camera);
  expect(events.map(({ type }) => type)).toEqual(['new']);
  await camera.close();
});

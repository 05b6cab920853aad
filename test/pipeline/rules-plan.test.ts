import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { cameraPlans } from '../../src/daemon/camera-plans.ts';

function rulesOf(...lines: string[]) {
  const text = [
    'time_zone: Europe/Berlin',
    'cameras:',
    '  a:',
    '    source: a.mp4',
    ...lines.map((line) => `    ${line}`),
  ];
  const [plan] = cameraPlans(parseConfig(text.join('\n'), { name: 'f', folder: '/', environment: {} }));
  return plan?.rules;
}

test('what a user writes of zones, lines, times and masks is what the camera is held against', () => {
  const rules = rulesOf(
    'labels:',
    '  person: { score: 0.5, zones: [gate], cooldown: 1m, max_aspect: 1.5, schedule: [{ days: [sat], to: "06:30" }] }',
    'zones:',
    '  gate: { polygon: [[0, 0], [1, 0], [1, 1]], labels: [person], dwell: 2s, crowd: { count: 4 } }',
    'lines: { kerb: { from: [0, 0.8], to: [1, 0.8] } }',
    'masks: { object: [[[0, 0], [0.1, 0], [0.1, 0.1]]], motion: [[[0, 0], [0.2, 0], [0.2, 0.2]]] }',
    'cooldown: 1.5',
    'schedule: [{ from: "22:00", to: "06:00" }]',
  );
  const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  expect(rules).toEqual({
    labels: {
      person: {
        score: 0.5,
        minArea: 0,
        maxArea: 1,
        maxAspect: 1.5,
        zones: ['gate'],
        cooldownMs: 60_000,
        schedule: { timeZone: 'Europe/Berlin', times: [{ days: ['sat'], from: 0, to: 390 }] },
      },
    },
    zones: {
      gate: {
        polygon: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
        labels: ['person'],
        inertia: 3,
        dwellMs: 2_000,
        crowd: { count: 4, forMs: 10_000 },
      },
    },
    lines: { kerb: { from: [0, 0.8], to: [1, 0.8] } },
    masks: [
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
      ],
    ],
    cooldownMs: 1_500,
    schedule: { timeZone: 'Europe/Berlin', times: [{ days: everyDay, from: 1320, to: 360 }] },
  });
});

test('without a word of rules nothing is asked for', () => {
  expect(rulesOf()).toEqual({ masks: [], cooldownMs: 0 });
});

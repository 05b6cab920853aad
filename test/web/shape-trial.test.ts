import { expect, test } from 'vitest';
import type { CameraShapes } from '../../src/core/shape-editor.ts';
import { tryShapes } from '../../src/web/shape-trial.ts';
import { anEvent } from '../helpers/events.ts';

const { track } = anEvent();
const walked = (label: string, ...path: [number, number][]) => anEvent({ label, track: { ...track, path } });

const ACROSS = walked('person', [0.1, 0.9], [0.5, 0.9], [0.9, 0.9]);
const BACK = walked('person', [0.9, 0.9], [0.1, 0.9]);
const PARKED = walked('car', [0.8, 0.2]);
const MIDDLE: [number, number][] = [
  [0.4, 0.8],
  [0.6, 0.8],
  [0.6, 1],
  [0.4, 1],
]; // prettier-ignore

test.each<{ name: string; shapes: CameraShapes; made: object }>([
  { name: 'nothing', shapes: {}, made: { events: 3, zones: {}, lines: {}, masked: 0 } },
  { name: 'a zone on the way', shapes: { zones: { mat: { polygon: MIDDLE } } }, made: { zones: { mat: 1 } } },
  {
    name: 'a zone for other objects',
    shapes: { zones: { mat: { polygon: MIDDLE, labels: ['cat'] } } },
    made: { zones: { mat: 0 } },
  },
  {
    name: 'a line, from its left to its right',
    shapes: { lines: { door: { from: [0.7, 1], to: [0.7, 0] } } },
    made: { lines: { door: { in: 1, out: 1 } } },
  },
  {
    name: 'a line that the way goes past',
    shapes: { lines: { door: { from: [0.7, 0.3], to: [0.7, 0] } } },
    made: { lines: { door: { in: 0, out: 0 } } },
  },
  {
    name: 'a mask over the parked car',
    shapes: {
      masks: {
        object: [
          [
            [0.7, 0],
            [1, 0],
            [1, 0.4],
            [0.7, 0.4],
          ],
        ],
      },
    }, // prettier-ignore
    made: { masked: 1 },
  },
  {
    name: 'what is no shape',
    shapes: {
      zones: { mat: null, rug: { polygon: ['x'] } },
      lines: { door: 7 },
      masks: { object: [null, []] },
    },
    made: { zones: { mat: 0, rug: 0 }, lines: { door: { in: 0, out: 0 } }, masked: 0 },
  },
])('a drawing tells what it would have made of the past: $name', ({ shapes, made }) => {
  expect(tryShapes(shapes, [ACROSS, BACK, PARKED])).toMatchObject(made);
});

test('who crosses from the left hand to the right comes in, as in the rules', () => {
  const door = { from: [0.5, 1], to: [0.5, 0] }; // who walks it upwards has the right edge at the right hand
  const { lines } = tryShapes({ lines: { door } }, [walked('person', [0.1, 0.5], [0.9, 0.5])]);
  expect(lines).toEqual({ door: { in: 1, out: 0 } });
});

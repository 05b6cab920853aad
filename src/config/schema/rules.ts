import { z } from 'zod';
import { point, polygon } from './polygon.ts';
import { key } from './text.ts';
import { duration, schedule } from './time.ts';

/** From the detector's floor upwards; a node's dialog has it too. */
export const leastScore = z.number().min(0.1).max(1).default(0.4);

const share = z.number().min(0).max(1);
const aspect = z.number().min(0.01).max(100).optional();
const labels = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .meta({ expected: 'a list of labels', examples: [['person']] });

const label = z.strictObject({
  score: leastScore.meta({ title: 'Least median score of an object for an event' }),
  min_area: share.default(0).meta({ title: 'Least share of the picture' }),
  max_area: share.default(1).meta({ title: 'Largest share of the picture' }),
  min_aspect: aspect.meta({ title: 'Least width by height of the box, in pixels', examples: [0.2] }),
  max_aspect: aspect.meta({ title: 'Largest width by height of the box, in pixels', examples: [1.5] }),
  max_speed: z
    .number()
    .min(0.01)
    .optional()
    .meta({ title: 'Widths or heights of the picture a second; what is faster is an insect', examples: [2] }),
  zones: z
    .array(key)
    .min(1)
    .optional()
    .meta({
      title: 'Only objects that have been in one of these zones, for its dwell where it has one',
      expected: 'a list of zones of this camera',
      examples: [['gate']],
    }),
  cooldown: duration.optional().meta({ title: "Instead of the camera's", examples: ['30s'] }),
  schedule: schedule.optional().meta({ title: "Instead of the camera's" }),
});

const zone = z.strictObject({
  polygon: polygon.meta({
    title: 'Corners of the area; an object is in it with the middle of its lower edge',
    examples: [
      [
        [0.1, 0.6],
        [0.4, 0.6],
        [0.4, 1],
        [0.1, 1],
      ],
    ],
  }),
  labels: labels.meta({ title: 'Objects that can be in it; without it, all' }),
  inertia: z
    .int()
    .min(1)
    .max(30)
    .default(3)
    .meta({ title: 'Looks in a row that must agree that it is inside, or outside again' }),
  dwell: duration
    .optional()
    .meta({ title: 'An object that stays for so long is worth a word', examples: ['2s'] }),
  crowd: z
    .strictObject({
      count: z.int().min(2).max(100).default(3).meta({ title: 'Objects of one label at once' }),
      for: duration.default('10s').meta({ title: 'For so long' }),
    })
    .optional()
    .meta({ title: 'So many objects are a crowd' }),
});

const line = z
  .strictObject({
    from: point.meta({ title: 'One end', examples: [[0, 0.8]] }),
    to: point.meta({
      title: 'The other end; who crosses from the left hand to the right one of the way there comes in',
      examples: [[1, 0.8]],
    }),
    labels: labels.meta({ title: 'Objects that cross it; without it, all' }),
  })
  .refine(({ from, to }) => from[0] !== to[0] || from[1] !== to[1], {
    path: ['to'],
    message: 'expected another point than from',
  });

/** What a camera's objects are held against; keys of a camera. */
export const rules = {
  labels: z
    .record(z.string().min(1), label)
    .optional()
    .meta({ examples: ['person'], title: 'Objects that make events; without it, all that the model knows' }),
  zones: z
    .record(key, zone)
    .optional()
    .meta({ examples: ['gate'], title: 'Areas that objects enter and leave' }),
  lines: z
    .record(key, line)
    .optional()
    .meta({ examples: ['kerb'], title: 'Lines that objects cross' }),
  cooldown: duration.default('0s').meta({
    title: 'After the first event of an object, for so long none of another of its label in the same zone',
  }),
  schedule: schedule.optional().meta({ title: 'When there are events at all; without it, always' }),
};

/** A zone that a label names and the camera does not have. */
export function checkZones(
  settings: z.infer<z.ZodObject<typeof rules>>,
  context: { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void },
): void {
  const known = Object.keys(settings.zones ?? {});
  const message = `expected a zone of this camera${known.length === 0 ? ', which has none' : `: ${known.join(', ')}`}`;
  for (const [name, { zones = [] }] of Object.entries(settings.labels ?? {})) {
    for (const [i, zone] of zones.entries()) {
      if (!known.includes(zone))
        context.addIssue({ code: 'custom', path: ['labels', name, 'zones', i], message });
    }
  }
}

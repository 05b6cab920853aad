import { z } from 'zod';
import { polygons } from './polygon.ts';

const EXAMPLE = [
  [
    [0.8, 0],
    [1, 0],
    [1, 0.3],
    [0.8, 0.3],
  ],
];

const area = (title: string) => polygons.default([]).meta({ title, examples: [EXAMPLE] });

/** Areas of a camera's picture that are left out of something, each list by what it is left out of. */
export const masks = z.strictObject({
  object: area('Whatever stands here, by the middle of its lower edge, makes no event'),
  motion: area('What moves here is no reason to look'),
  privacy: area('Black before anything sees it'),
  copy_unmasked: z.boolean().default(false).meta({
    title: 'Clips are copied although they show what privacy hides; else they are encoded, which costs CPU',
  }),
});

import { z } from 'zod';

/** `…/count/<label>` as JSON reads it: objects of a label, in the picture or in a zone. */
export const countSchema = z.int().min(0).meta({ $id: 'falconet/count/1', title: 'How many objects' });

/** `…/line/<line>/<label>`. */
export const lineCountSchema = z
  .strictObject({
    in: z.int().min(0).meta({ description: 'Crossed from the left hand to the right one; never falls' }),
    out: z.int().min(0).meta({ description: 'The other way; never falls' }),
  })
  .meta({ $id: 'falconet/line-count/1', title: 'How many objects have crossed a line' });

/** `…/<switch>/state` and `…/motion`, `…/occupied`, `…/crowded`: the word without quotes. */
export const onOffSchema = z
  .enum(['ON', 'OFF'])
  .meta({ $id: 'falconet/on-off/1', title: 'A state that holds or not' });

/** `…/threshold/<label>/state`. */
export const thresholdSchema = z
  .number()
  .min(0)
  .max(1)
  .meta({ $id: 'falconet/threshold/1', title: 'Least median score of an object for an event' });

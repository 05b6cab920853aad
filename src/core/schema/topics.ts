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

const share = z.number();

/** `<base>/camera/<camera>/detections`. */
export const frameDetectionsSchema = z
  .strictObject({
    seq: z.int().min(0).meta({ description: 'Number of the frame since the camera was started' }),
    pts: z.number().min(0).meta({ description: 'ms since the first frame of the session' }),
    why: z.string().min(1).meta({ description: 'Why the frame was looked at' }),
    detections: z.array(
      z.strictObject({
        label: z.string().min(1),
        score: z.number().min(0).max(1),
        box: z
          .tuple([share, share, share, share])
          .meta({ description: 'x, y, width, height in 0..1 of the picture, origin top left' }),
      }),
    ),
  })
  .meta({
    $id: 'falconet/frame-detections/1',
    title: 'What the model sees in a frame, before tracks and rules',
  });

export type FrameDetections = z.infer<typeof frameDetectionsSchema>;

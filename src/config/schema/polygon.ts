import { z } from 'zod';
import { polygonFault } from '../../core/polygon.ts';

const MOST_CORNERS = 100;
const IN_PICTURE = 'expected a number from 0 to 1: a share of the picture, not pixels';

/** From the left or upper edge of the picture. */
const share = z.number().min(0, IN_PICTURE).max(1, IN_PICTURE);

export const point = z.tuple([share, share]).meta({ expected: 'x, y in 0..1 of the picture' });

/** A simple polygon with at least three corners: what it holds and what not is never in doubt. */
export const polygon = z
  .array(point)
  .max(MOST_CORNERS)
  .superRefine((corners, context) => {
    const fault = polygonFault(corners);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ expected: 'corners [x, y] in 0..1 of the picture, in the order of a walk around' });

export const polygons = z
  .array(polygon)
  .max(50)
  .meta({ expected: 'a list of polygons, each a list of corners [x, y] in 0..1 of the picture' });

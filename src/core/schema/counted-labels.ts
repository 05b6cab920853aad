import { z } from 'zod';

/** The labels that a camera has counted: kept over restarts, so that no number of before stands for ever. */
export const countedLabelsSchema = z.array(z.string().min(1));

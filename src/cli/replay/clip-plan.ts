import { resolve } from 'node:path';
import type { LoadedConfig } from '../../config/load.ts';
import { FalconetError } from '../../core/error.ts';
import { cameraPlans } from '../../daemon/camera-plans.ts';
import type { CameraPlan } from '../../pipeline.ts';

export interface ClipPlanOptions {
  /** Path of the video. */
  readonly clip: string;
  /** @default the only one */
  readonly camera?: string | undefined;
}

/**
 * A camera's plan, with a clip for its source that is read as fast as it is looked at.
 *
 * @throws USAGE when there is no such camera, or none is named of several.
 */
export function clipPlan(loaded: LoadedConfig, { clip, camera }: ClipPlanOptions): CameraPlan {
  const plans = cameraPlans(loaded);
  const names = plans.map((plan) => plan.camera).join(', ');
  if (camera === undefined && plans.length > 1)
    throw new FalconetError('USAGE', `expected --camera with one of ${names}`);
  const plan = camera === undefined ? plans[0] : plans.find((each) => each.camera === camera);
  if (plan === undefined) throw new FalconetError('USAGE', `expected a camera of ${names}, got ${camera}`);
  return { ...plan, source: { kind: 'file', path: resolve(clip), pace: 'fast', loop: false } };
}

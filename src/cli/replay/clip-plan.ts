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
 * A camera's plan, with a clip for its source that is read as fast as it is looked at. As of the camera itself, only
 * key frames are looked at with `mode: keyframes`, and one frame in each `interval` with `mode: poll`.
 *
 * @throws USAGE when there is no such camera, or none is named of several.
 */
export function clipPlan(loaded: LoadedConfig, { clip, camera }: ClipPlanOptions): CameraPlan {
  const plan = planOf(cameraPlans(loaded), camera);
  const { source } = plan;
  const keyframesOnly = 'keyframesOnly' in source && source.keyframesOnly === true;
  return {
    ...plan,
    fps: source.kind === 'poll' ? 1_000 / source.intervalMs : plan.fps,
    source: { kind: 'file', path: resolve(clip), pace: 'fast', loop: false, keyframesOnly },
  };
}

function planOf(plans: readonly CameraPlan[], wanted?: string): CameraPlan {
  const names = plans.map(({ camera }) => camera).join(', ');
  if (wanted === undefined && plans.length > 1)
    throw new FalconetError('USAGE', `expected --camera with one of ${names}`);
  const plan = wanted === undefined ? plans[0] : plans.find(({ camera }) => camera === wanted);
  if (plan === undefined) throw new FalconetError('USAGE', `expected a camera of ${names}, got ${wanted}`);
  return plan;
}

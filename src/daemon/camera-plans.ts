import type { LoadedConfig } from '../config/load.ts';
import type { CameraConfig } from '../config/schema.ts';
import { rulesPlan } from '../pipeline/rules-plan.ts';
import type { CameraPlan } from '../pipeline.ts';
import { recordingPlan } from './recording-plan.ts';

/** What a configuration wants done with each camera. */
export function cameraPlans({ config, sources, recordSources }: LoadedConfig): CameraPlan[] {
  const timeZone = config.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return Object.entries(config.cameras).map(([camera, settings]) => {
    const source = sources.get(camera);
    if (source === undefined) throw new TypeError(`expected a source for ${camera}, got none`);
    const { fps, frozen_after: frozenAfter } = settings;
    const frozenMs = frozenAfter === 'off' ? Number.POSITIVE_INFINITY : frozenAfter * 1_000;
    const recorded = recordSources.get(camera);
    const recording = recorded && recordingPlan(recorded, settings);
    return {
      camera,
      source,
      fps,
      patience: { frozenMs },
      rules: rulesPlan(settings, timeZone),
      privacy: settings.masks.privacy,
      ...(settings.motion.enabled && { motion: motionPlan(settings) }),
      ...(recording !== undefined && { recording }),
    };
  });
}

function motionPlan({ motion, masks }: CameraConfig): NonNullable<CameraPlan['motion']> {
  const { threshold, min_area: minArea, max_squares: maxSquares } = motion;
  return { threshold, minArea, maxSquares, masks: masks.motion };
}

import type { LoadedConfig } from '../config/load.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { Switches } from '../core/schema/switches.ts';
import { rulesPlan } from '../pipeline/rules-plan.ts';
import type { CameraPlan } from '../pipeline.ts';
import { recordingPlan } from './recording-plan.ts';
import type { SwitchBoard } from './switches.ts';

/**
 * What a configuration wants done with each camera.
 *
 * @param switches - what was switched from outside, which wins. @default nothing was
 */
export function cameraPlans(
  { config, sources, recordSources }: LoadedConfig,
  switches?: Pick<SwitchBoard, 'of'>,
): CameraPlan[] {
  const timeZone = config.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return Object.entries(config.cameras).map(([camera, configured]) => {
    const source = sources.get(camera);
    if (source === undefined) throw new TypeError(`expected a source for ${camera}, got none`);
    const switched = switches?.of(camera) ?? {};
    const settings = withThresholds(configured, switched);
    const { fps, frozen_after: frozenAfter } = settings;
    const frozenMs = frozenAfter === 'off' ? Number.POSITIVE_INFINITY : frozenAfter * 1_000;
    const recorded = switched.record === false ? undefined : recordSources.get(camera);
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
      ...(switched.enabled === false && { enabled: false }),
      ...(switched.detect === false && { detect: false }),
    };
  });
}

/** A label that the configuration does not name any more has no threshold either. */
function withThresholds(settings: CameraConfig, { thresholds = {} }: Switches): CameraConfig {
  if (settings.labels === undefined) return settings;
  const labels = Object.entries(settings.labels).map(([label, rule]) => {
    const score = Object.hasOwn(thresholds, label) ? thresholds[label] : undefined;
    return [label, { ...rule, score: score ?? rule.score }] as const;
  });
  return { ...settings, labels: Object.fromEntries(labels) };
}

function motionPlan({ motion, masks }: CameraConfig): NonNullable<CameraPlan['motion']> {
  const { threshold, min_area: minArea, max_squares: maxSquares } = motion;
  return { threshold, minArea, maxSquares, masks: masks.motion };
}

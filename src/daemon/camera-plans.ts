import type { LoadedConfig } from '../config/load.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { CameraPlan } from '../pipeline.ts';

/** What a configuration wants done with each camera. */
export function cameraPlans({ config, sources }: LoadedConfig): CameraPlan[] {
  return Object.entries(config.cameras).map(([camera, settings]) => {
    const source = sources.get(camera);
    if (source === undefined) throw new TypeError(`expected a source for ${camera}, got none`);
    const { fps, labels, frozen_after: frozenAfter } = settings;
    const frozenMs = frozenAfter === 'off' ? Number.POSITIVE_INFINITY : frozenAfter * 1_000;
    const rules = labels === undefined ? {} : { labels: labelRules(labels) };
    return { camera, source, fps, patience: { frozenMs }, ...rules };
  });
}

function labelRules(labels: NonNullable<CameraConfig['labels']>): NonNullable<CameraPlan['labels']> {
  return Object.fromEntries(
    Object.entries(labels).map(([label, { score, min_area: minArea }]) => [label, { score, minArea }]),
  );
}

import type { LoadedConfig } from '../config/load.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { CameraPlan } from '../pipeline.ts';

/** What a configuration wants done with each camera. */
export function cameraPlans({ config, sources }: LoadedConfig): CameraPlan[] {
  return Object.entries(config.cameras).map(([camera, settings]) => {
    const source = sources.get(camera);
    if (source === undefined) throw new TypeError(`expected a source for ${camera}, got none`);
    const { fps, labels } = settings;
    return { camera, source, fps, ...(labels !== undefined && { labels: labelRules(labels) }) };
  });
}

function labelRules(labels: NonNullable<CameraConfig['labels']>): NonNullable<CameraPlan['labels']> {
  return Object.fromEntries(
    Object.entries(labels).map(([label, { score, min_area: minArea }]) => [label, { score, minArea }]),
  );
}

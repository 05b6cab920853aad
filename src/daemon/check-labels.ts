import type { LoadedConfig, Mistake } from '../config/load.ts';
import type { CameraConfig } from '../config/schema.ts';

/**
 * Holds the labels of every camera, its zones and its lines against those of the model, since a label that it does not
 * know never comes.
 *
 * @throws CONFIG_INVALID with each of them and its line.
 */
export function checkLabels(loaded: LoadedConfig, known: readonly string[]): void {
  const message = `expected a label of the model, which are ${known.join(', ')}`;
  const wrong = Object.entries(loaded.config.cameras).flatMap(([name, camera]) =>
    labelsOf(camera)
      .filter(({ label }) => !known.includes(label))
      .map(({ path }): Mistake => ({ path: ['cameras', name, ...path], message })),
  );
  if (wrong.length > 0) throw loaded.mistaken(wrong);
}

/** Every label that a camera's configuration names, and where. */
function labelsOf({ labels = {}, zones = {}, lines = {} }: CameraConfig): NamedLabel[] {
  const own = Object.keys(labels).map((label) => ({ label, path: ['labels', label] }));
  const inPlaces = (kind: string, places: Readonly<Record<string, { labels?: string[] | undefined }>>) =>
    Object.entries(places).flatMap(([name, place]) =>
      (place.labels ?? []).map((label, i) => ({ label, path: [kind, name, 'labels', i] })),
    );
  return [...own, ...inPlaces('zones', zones), ...inPlaces('lines', lines)];
}

interface NamedLabel {
  readonly label: string;
  readonly path: readonly PropertyKey[];
}

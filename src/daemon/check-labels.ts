import type { LoadedConfig } from '../config/load.ts';

/**
 * Holds the labels of every camera against those of the model, since a label that it does not know never comes.
 *
 * @throws CONFIG_INVALID with each of them and its line.
 */
export function checkLabels(loaded: LoadedConfig, known: readonly string[]): void {
  const message = `expected a label of the model, which are ${known.join(', ')}`;
  const wrong = Object.entries(loaded.config.cameras).flatMap(([camera, { labels = {} }]) =>
    Object.keys(labels)
      .filter((label) => !known.includes(label))
      .map((label) => ({ path: ['cameras', camera, 'labels', label], message })),
  );
  if (wrong.length > 0) throw loaded.mistaken(wrong);
}

import { expect, test } from 'vitest';
import { families, sceneOf } from './scenes/families.ts';
import { iouTracker } from './scenes/iou-tracker.ts';
import { judge, meanOf, ourTracker, type SceneTracker } from './scenes/judge.ts';

const SEEDS = [1, 2, 3];
const names = Object.keys(families);

const judgeFamily = (name: string, tracker: SceneTracker) =>
  meanOf(
    SEEDS.map((seed) => {
      const frames = sceneOf(name, seed);
      return judge(frames, tracker(frames));
    }),
  );
const plain = new Map(names.map((name) => [name, judgeFamily(name, iouTracker)]));
const ours = new Map(names.map((name) => [name, judgeFamily(name, ourTracker)]));

test.each(names)('%s: objects keep their names no worse than by overlap alone', (name) => {
  expect(ours.get(name)?.idf1).toBeGreaterThan((plain.get(name)?.idf1 ?? 0) - 0.01);
});

test('over all scenes names are kept for twice as long as by overlap alone, and change far less often', () => {
  const [mean, plainMean] = [meanOf([...ours.values()]), meanOf([...plain.values()])];
  expect(mean.idf1).toBeGreaterThan(2 * plainMean.idf1);
  expect(mean.hota).toBeGreaterThan(1.5 * plainMean.hota);
  expect(mean.switches).toBeLessThan(plainMean.switches / 4);
});

test('a scene is the same for the same seed, and another for another', () => {
  expect(sceneOf('a crowd', 1)).toEqual(sceneOf('a crowd', 1));
  expect(sceneOf('a crowd', 1)).not.toEqual(sceneOf('a crowd', 2));
});

/**
 * Judges trackers on the scenes of the tests: ours, plain overlap, and those whose results a file brings.
 *
 *     node bench/tracker/compare.ts --export scenes.json
 *     python bench/tracker/others.py scenes.json norfair.json bytetrack.json
 *     node bench/tracker/compare.ts --with norfair.json --with bytetrack.json
 *
 * Every tracker says per frame what it is sure of and sees; all get the same detections.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Box } from '../../src/core/box.ts';
import type { Seen } from '../../test/tracker/measures/judged.ts';
import { families, sceneOf } from '../../test/tracker/scenes/families.ts';
import { iouTracker } from '../../test/tracker/scenes/iou-tracker.ts';
import { type Judgement, judge, meanOf, ourTracker } from '../../test/tracker/scenes/judge.ts';
import type { SceneFrame } from '../../test/tracker/scenes/scene.ts';

/** Others than those of the tests, and than those that our constants were chosen on. */
const SEEDS = Array.from({ length: 12 }, (_, i) => 101 + i);

/** What another tracker made of the exported scenes. */
interface Results {
  readonly tracker: string;
  /** By `scene/seed`, per frame: id and box. */
  readonly found: Readonly<Record<string, readonly (readonly [id: number, ...box: Box][])[]>>;
}
type Contender = readonly [
  name: string,
  run: (frames: readonly SceneFrame[], key: string) => readonly Seen[][],
];

const { values } = parseArgs({
  options: { export: { type: 'string' }, with: { type: 'string', multiple: true, default: [] } },
});
const names = Object.keys(families);
if (values.export === undefined) printTable();
else writeFileSync(values.export, JSON.stringify(exported()));

function exported(): Record<string, unknown> {
  const scenes = names.flatMap((name) =>
    SEEDS.map((seed) => [`${name}/${seed}`, sceneOf(name, seed)] as const),
  );
  const rows = ({ at, detections }: SceneFrame) => ({
    at,
    detections: detections.map(({ label, score, box }) => [label, score, ...box]),
  });
  return Object.fromEntries(scenes.map(([key, frames]) => [key, frames.map(rows)]));
}

function printTable(): void {
  const contenders: readonly Contender[] = [
    ['plain overlap', iouTracker],
    ...values.with.map(contender),
    ['Falconet', (frames) => ourTracker(frames).map((seen) => [...seen])],
  ];
  console.log(`| scenes | ${contenders.map(([name]) => name).join(' | ')} |`);
  console.log(`|---|${contenders.map(() => '---:|').join('')}`);
  const all = contenders.map((): Judgement[] => []);
  for (const name of names) {
    const judged = contenders.map(([, run]) => meanOf(SEEDS.map((seed) => judgeScene(name, seed, run))));
    for (const [i, judgement] of judged.entries()) all[i]?.push(judgement);
    console.log(
      `| ${name} | ${judged.map(({ idf1, switches }) => `${percent(idf1)} (${switches})`).join(' | ')} |`,
    );
  }
  const means = all.map(meanOf);
  const row = (title: string, of: (mean: Judgement) => string) =>
    console.log(`| **${title}** | ${means.map(of).join(' | ')} |`);
  row('mean IDF1', ({ idf1 }) => percent(idf1));
  row('mean HOTA', (mean) => percent(mean.hota));
  row('mean MOTA', ({ mota }) => percent(mota));
  row('switches', ({ switches }) => String(switches));
}

function judgeScene(name: string, seed: number, run: Contender[1]): Judgement {
  const frames = sceneOf(name, seed);
  return judge(frames, run(frames, `${name}/${seed}`));
}

function contender(file: string): Contender {
  const { tracker, found } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  return [tracker, (_, key) => (found[key] ?? []).map((frame) => frame.map(([id, ...box]) => ({ id, box })))];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

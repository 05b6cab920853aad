/**
 * Judges trackers on the scenes of the tests: ours, plain overlap, and those whose results files bring.
 *
 *     node bench/tracker/compare.ts --export scenes.json
 *     python bench/tracker/others.py norfair scenes.json norfair.json
 *     python bench/tracker/others.py bytetrack scenes.json bytetrack.json
 *     node bench/tracker/compare.ts --with norfair.json --with bytetrack.json
 *
 * Every tracker says per frame what it is sure of and sees; all get the same detections. With `--tune` it is other
 * scenes, those that settings are chosen on, and a line for each file: `others.py NAME scenes.json FOLDER --each` makes
 * one for each setting that is to be tried.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Box } from '../../src/core/box.ts';
import { families, sceneOf } from '../../test/tracker/scenes/families.ts';
import { iouTracker } from '../../test/tracker/scenes/iou-tracker.ts';
import {
  type Judgement,
  judge,
  meanOf,
  type SceneTracker,
  trackerWith,
} from '../../test/tracker/scenes/judge.ts';
import type { SceneFrame } from '../../test/tracker/scenes/scene.ts';

/** What another tracker made of the exported scenes. */
interface Results {
  readonly tracker: string;
  /** By `scene/seed`, per frame: id and box. */
  readonly found: Readonly<Record<string, readonly (readonly [id: number, ...box: Box][])[]>>;
}
type Contender = readonly [
  name: string,
  run: (...scene: readonly [...Parameters<SceneTracker>, key: string]) => ReturnType<SceneTracker>,
];

const { values } = parseArgs({
  options: {
    export: { type: 'string' },
    with: { type: 'string', multiple: true, default: [] },
    tune: { type: 'boolean', default: false },
  },
});
/** The scenes that are judged are not those that settings were chosen on, ours neither. */
const seeds = values.tune ? [1, 2, 3, 4] : Array.from({ length: 24 }, (_, i) => 101 + i);
const names = Object.keys(families);
const contenders: readonly Contender[] = [
  ['Falconet', trackerWith()],
  ['Falconet, believed at once', trackerWith({ confirm: { hits: 1, frames: 1 } })],
  ['plain overlap', iouTracker],
  ...values.with.map(contender),
];

if (values.export !== undefined) writeFileSync(values.export, JSON.stringify(exported()));
else if (values.tune) printRanking();
else printTable();

function exported(): Record<string, unknown> {
  const scenes = names.flatMap((name) =>
    seeds.map((seed) => [`${name}/${seed}`, sceneOf(name, seed)] as const),
  );
  const rows = ({ at, detections }: SceneFrame) => ({
    at,
    detections: detections.map(({ label, score, box }) => [label, score, ...box]),
  });
  return Object.fromEntries(scenes.map(([key, frames]) => [key, frames.map(rows)]));
}

/** By family, and of all families. */
function judgeAll([, run]: Contender): readonly [ReadonlyMap<string, Judgement>, Judgement] {
  const judged = names.map((name) => {
    const scenes = seeds.map((seed) => {
      const frames = sceneOf(name, seed);
      return judge(frames, run(frames, `${name}/${seed}`));
    });
    return [name, meanOf(scenes)] as const;
  });
  return [new Map(judged), meanOf(judged.map(([, judgement]) => judgement))];
}

function printTable(): void {
  const judged = contenders.map((one) => judgeAll(one));
  const row = (title: string, cells: readonly string[]) => console.log(`| ${title} | ${cells.join(' | ')} |`);
  row(
    'IDF1, HOTA, MOTA in %; switches',
    contenders.map(([name]) => name),
  );
  console.log(`|---|${contenders.map(() => '---|').join('')}`);
  for (const name of names) {
    row(
      name,
      judged.map(([byName]) => cellOf(byName.get(name))),
    );
  }
  row(
    '**all**',
    judged.map(([, mean]) => `**${cellOf(mean)}**`),
  );
}

function printRanking(): void {
  const ranked = contenders.map((one) => [one[0], judgeAll(one)[1]] as const);
  for (const [name, mean] of ranked.toSorted(([, a], [, b]) => b.idf1 - a.idf1)) {
    console.log(`${cellOf(mean)}  ${name}`);
  }
}

function contender(file: string): Contender {
  const { tracker, found } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  return [tracker, (_, key) => (found[key] ?? []).map((frame) => frame.map(([id, ...box]) => ({ id, box })))];
}

function cellOf(judgement?: Judgement): string {
  if (judgement === undefined) return '';
  const { idf1, hota, mota, switches } = judgement;
  return `${[idf1, hota, mota].map((share) => (100 * share).toFixed(1)).join(' ')}; ${switches}`;
}

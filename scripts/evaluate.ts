// Judges a model on annotated photographs: AP50 of each class and the mean, in each precision asked for.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { packageRoot } from '../src/core/package-root.ts';
import { decode } from '../src/detector/decode.ts';
import type { EngineName, Precision } from '../src/detector/engines/engine.ts';
import { loadEngine } from '../src/detector/engines/load.ts';
import { loadManifest, type Model } from '../src/detector/manifest.ts';
import { decodePicture } from '../src/media/picture.ts';
import { readAnnotations, type Truth } from './evaluate/annotations.ts';
import { type Judged, meanAveragePrecision } from './evaluate/average-precision.ts';

interface EvaluateOptions {
  readonly only?: string;
  readonly model: string;
  readonly engine: EngineName;
  readonly precision: readonly Precision[];
}

/** A curve needs more of its low end than a gateway does. */
const FLOOR = 0.02;

await new Command('evaluate')
  .description('Judges a model on annotated photographs: AP at IoU 0.5 of each class and the mean.')
  .argument('<folders...>', 'each with images/ and annotations.json in COCO form')
  .option(
    '--only <names.json>',
    'a JSON list of the file names to judge by, such as those held out of training',
  )
  .option(
    '--model <model>',
    'name of a model in the package, or a folder',
    join(packageRoot, 'models/tiny-ssd'),
  )
  .addOption(new Option('--engine <engine>').choices(['onnx', 'wasm', 'tfjs']).default('onnx'))
  .addOption(
    new Option('--precision <precisions...>', 'in columns side by side')
      .choices(['fp32', 'int8'])
      .default(['fp32', 'int8']),
  )
  .action(evaluate)
  .parseAsync();

async function evaluate(folders: readonly string[], options: EvaluateOptions): Promise<void> {
  const { only, engine, precision } = options;
  const model = await loadManifest(options.model);
  const names = only === undefined ? undefined : new Set(JSON.parse(readFileSync(only, 'utf8')) as string[]);
  const truths = folders.flatMap(readAnnotations).filter(({ file }) => names?.has(basename(file)) ?? true);
  const results = [];
  for (const each of precision) {
    const judged = await judge(model, truths, engine, each);
    results.push(meanAveragePrecision(judged, model.labels));
  }
  console.log(`${model.name}, ${truths.length} photographs, AP50 on ${engine}`);
  const row = (name: string, figures: readonly (number | undefined)[]) =>
    console.log(
      `${name.padEnd(14)}${figures.map((figure) => (figure?.toFixed(4) ?? '-').padStart(8)).join('')}`,
    );
  console.log(`${''.padEnd(14)}${precision.map((each) => each.padStart(8)).join('')}`);
  for (const label of model.labels)
    row(
      label,
      results.map(({ ofLabel }) => ofLabel.get(label)),
    );
  row(
    'mean',
    results.map(({ mean }) => mean),
  );
}

async function judge(
  model: Model,
  truths: readonly Truth[],
  name: EngineName,
  precision: Precision,
): Promise<Judged[]> {
  const engine = await loadEngine(name, model, precision);
  const judged: Judged[] = [];
  for (const truth of truths) {
    const { width, height, data } = await decodePicture(truth.file);
    const output = await engine.run(data, width, height, { x: 0, y: 0, width, height });
    judged.push({ truth, detections: decode(output, { ...model, floor: FLOOR }) });
  }
  return judged;
}

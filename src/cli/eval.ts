import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command, Option } from 'commander';
import { FalconetError } from '../core/error.ts';
import type { EngineChoice } from '../detector/choose-engine.ts';
import { loadManifest } from '../detector/manifest.ts';
import type { PrecisionChoice } from '../detector/precision.ts';
import { readResults, toResults } from '../eval/coco-results.ts';
import { curveSvg } from '../eval/curve-svg.ts';
import { Faults } from '../eval/faults.ts';
import { judge } from '../eval/judge.ts';
import type { GroundTruth, Judged } from '../eval/truth.ts';
import { toCoco } from '../eval/write-coco.ts';
import { svgToPng } from '../media/svg-to-png.ts';
import { type EvalReport, type EvalSubject, evalJson, evalText, faultText } from './eval/eval-report.ts';
import { readJson } from './eval/read-json.ts';
import { runModel } from './eval/run-model.ts';
import { onlyNamed, readSources, type SourceOptions } from './eval/sources.ts';

interface EvalOptions extends SourceOptions {
  readonly only?: string;
  readonly model: string;
  readonly engine: EngineChoice;
  readonly precision: PrecisionChoice;
  readonly detections?: string;
  readonly writeAnnotations?: string;
  readonly writeDetections?: string;
  readonly picture?: string;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  falconet eval --voc VOCdevkit/VOC2007
  falconet eval --images val2017 --annotations instances_val2017.json --picture curves.svg`;

/** `falconet eval`: how good a model is on annotated pictures. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measure a model, or detections of any other, on annotated pictures')
    .option('--data <folders...>', 'each with images/ and annotations.json in the form of COCO')
    .option('--images <folder>', 'pictures, with --annotations')
    .option('--annotations <file>', 'in the form of COCO')
    .option('--voc <folder>', 'with Annotations, JPEGImages and ImageSets, such as VOCdevkit/VOC2007')
    .option('--set <name>', 'of a VOC folder, the list in ImageSets/Main', 'test')
    .option('--only <file>', 'a JSON list of file names to judge by, such as those held out of training')
    .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
    .addOption(
      new Option('--engine <engine>', 'what computes')
        .choices(['auto', 'onnx', 'wasm', 'tfjs'])
        .default('auto'),
    )
    .addOption(
      new Option('--precision <precision>', 'in which numbers')
        .choices(['auto', 'fp32', 'int8'])
        .default('fp32'),
    )
    .option('--detections <file>', 'judge these, results in the form of COCO, instead of a model')
    .option('--write-annotations <file>', 'what was judged by, in the form of COCO')
    .option('--write-detections <file>', 'what was judged, results in the form of COCO')
    .option('--picture <file>', 'precision over recall of each class, .svg or .png')
    .option('--json', 'one JSON object on stdout', false)
    .addHelpText('after', EXAMPLES)
    .action(evaluate);
}

async function evaluate(options: EvalOptions): Promise<void> {
  checkPicture(options.picture);
  const faults = new Faults();
  const trial = await (options.detections === undefined
    ? tryModel(options, faults)
    : tryDetections(options, options.detections, faults));
  if (trial === undefined) {
    process.exitCode = 1;
    return;
  }
  const { subject, truth, judged, labels } = trial;
  const report: EvalReport = { subject, figures: judge(judged, labels), faults: faults.list() };
  if (report.figures.objects === 0) {
    throw new FalconetError(
      'ANNOTATIONS_INVALID',
      'expected objects to judge by, found none in these pictures',
      {
        hint: 'Give pictures with objects of the classes that are judged',
      },
    );
  }
  await writeFiles(options, trial, report);
  for (const fault of report.faults) console.error(`falconet: ${faultText(fault)}`);
  if (options.json) console.log(JSON.stringify(evalJson(report), null, 2));
  else for (const line of evalText(report)) console.log(line);
  if (judged.length < truth.truths.length) process.exitCode = 1; // figures of fewer pictures than asked for
}

/** What is judged, and by what. */
interface Trial {
  readonly subject: EvalSubject;
  readonly truth: GroundTruth;
  readonly judged: readonly Judged[];
  readonly labels: readonly string[];
}

/** Nothing when a signal came. */
async function tryModel(options: EvalOptions, faults: Faults): Promise<Trial | undefined> {
  const { engine, precision, only } = options;
  const model = await loadManifest(options.model);
  const all = await readSources(options, model.labels, faults);
  const truth = only === undefined ? all : await onlyNamed(all, only, faults);
  for (const { label } of truth.truths.flatMap(({ objects }) => objects)) {
    if (!model.labels.includes(label)) faults.add('class-unknown', label);
  }
  const run = await runModel({ model, engine, precision, truths: truth.truths, faults });
  if (run === undefined) return undefined;
  const subject = { model: model.name, sha256: model.sha256, engine: run.engine };
  return { subject, truth, judged: run.judged, labels: model.labels };
}

async function tryDetections(options: EvalOptions, detections: string, faults: Faults): Promise<Trial> {
  const all = await readSources(options, [], faults);
  const truth = options.only === undefined ? all : await onlyNamed(all, options.only, faults);
  const found = readResults(await readJson(detections), detections, all, faults);
  return {
    subject: { detections },
    truth,
    judged: truth.truths.map((one) => ({ truth: one, found: found.get(one.id) ?? [] })),
    labels: truth.categories.map(({ label }) => label),
  };
}

async function writeFiles(options: EvalOptions, { truth, judged }: Trial, report: EvalReport): Promise<void> {
  const { writeAnnotations, writeDetections, picture } = options;
  if (writeAnnotations !== undefined) await writeFile(writeAnnotations, JSON.stringify(toCoco(truth)));
  if (writeDetections !== undefined) {
    await writeFile(writeDetections, JSON.stringify(toResults(judged, truth)));
  }
  if (picture === undefined) return;
  const [title = ''] = evalText(report);
  const svg = curveSvg(stripVTControlCharacters(title), report.figures.labels);
  await writeFile(picture, extname(picture).toLowerCase() === '.svg' ? svg : await svgToPng(svg));
}

/** @throws USAGE, before hours of work, when it is to be drawn in a format that we do not draw. */
function checkPicture(picture: string | undefined): void {
  if (picture === undefined || ['.svg', '.png'].includes(extname(picture).toLowerCase())) return;
  throw new FalconetError('USAGE', `${picture}: expected a name that ends in .svg or .png`);
}

import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import { FalconetError } from '../core/error.ts';
import { toResults } from '../eval/coco-results.ts';
import { curveSvg } from '../eval/curve-svg.ts';
import { Faults } from '../eval/faults.ts';
import { judge } from '../eval/judge.ts';
import { toCoco } from '../eval/write-coco.ts';
import { svgToPng } from '../media/svg-to-png.ts';
import { engineOption, precisionOption } from './engine-options.ts';
import { type EvalReport, evalJson, evalText, faultText } from './eval/eval-report.ts';
import { holdTrial, type Trial, type TrialOptions } from './eval/trial.ts';

interface EvalOptions extends TrialOptions {
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
    .addOption(engineOption())
    .addOption(precisionOption('fp32'))
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
  const trial = await holdTrial(options, faults);
  if (trial === undefined) {
    process.exitCode = 1;
    return;
  }
  const { subject, truth, judged, labels } = trial;
  const report: EvalReport = { subject, figures: judge(judged, labels), faults: faults.list() };
  for (const fault of report.faults) console.error(`falconet: ${faultText(fault)}`);
  if (report.figures.objects === 0) throw nothingToJudgeBy();
  // Before the files, which may have no place to go: figures can be hours of work.
  if (options.json) console.log(JSON.stringify(evalJson(report), null, 2));
  else for (const line of evalText(report)) console.log(line);
  await writeFiles(options, trial, report);
  if (judged.length < truth.truths.length) process.exitCode = 1; // figures of fewer pictures than asked for
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

function nothingToJudgeBy(): FalconetError {
  const message = 'expected objects to judge by, found none in these pictures';
  return new FalconetError('ANNOTATIONS_INVALID', message, {
    hint: 'Give pictures with objects of the classes that are judged',
  });
}

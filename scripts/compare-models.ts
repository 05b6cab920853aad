// Tiny SSD in each of its forms beside detectors of others: the same pictures, one thread of this machine.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { median } from '../src/cli/bench/summary.ts';
import { faultText } from '../src/cli/eval/eval-report.ts';
import { onlyNamed, readSources } from '../src/cli/eval/sources.ts';
import { progressOn } from '../src/cli/progress.ts';
import { countNetwork } from '../src/detector/convolutions.ts';
import { loadManifest, type Model } from '../src/detector/manifest.ts';
import { labelFor } from '../src/eval/class-names.ts';
import { Faults } from '../src/eval/faults.ts';
import { judge } from '../src/eval/judge.ts';
import type { Judged, Truth } from '../src/eval/truth.ts';
import { decodePicture } from '../src/media/picture.ts';
import { FORMS } from './card/forms.ts';
import { markdownTable, ofOne } from './card/markdown-table.ts';
import { replaceSection } from './card/replace-section.ts';
import { cocoNames } from './compare/coco-names.ts';
import { type Contender, ownContender, peerContender } from './compare/contender.ts';
import { mobilenetYolo } from './compare/mobilenet-yolo.ts';
import type { Peer } from './compare/peer.ts';
import { picodetS } from './compare/picodet.ts';
import { countPublished, type PublishedNetwork, squeezeDet, tinyYolo } from './compare/published.ts';
import { yoloxNano } from './compare/yolox.ts';

interface CompareOptions {
  readonly data: readonly string[];
  readonly only?: string;
  readonly part: string;
  readonly model: string;
  readonly card?: string;
}

/** Of each contender in turn, so that what else the machine does meets all; after one that does not count. */
const ROUNDS = 7;
const RUNS_A_ROUND = 10;

await new Command('compare-models')
  .description('Measures a model of ours beside detectors of others; prints a table in Markdown.')
  .argument('<peers>', 'folder of their ONNX files; those that are not there are left out')
  .requiredOption('--data <folders...>', 'each with images/ and annotations.json in the form of COCO')
  .option('--only <file>', 'a JSON list of file names to judge by')
  .option('--part <prefix>', 'a second column: only the pictures whose names begin so', 'coco')
  .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
  .option('--card <file>', 'a Markdown file whose section "Comparison" becomes the table')
  .action(compare)
  .parseAsync();

async function compare(
  folder: string,
  { data, only, part, model: name, card }: CompareOptions,
): Promise<void> {
  const faults = new Faults();
  const progress = progressOn(process.stderr);
  const model = await loadManifest(name);
  const all = await readSources({ data, set: '' }, model.labels, faults);
  const { truths } = only === undefined ? all : await onlyNamed(all, only, faults);
  const contenders = await load(model, folder, truths, faults);
  const rows: string[][] = [];
  const times = await time(contenders, (round) => progress.at(`timing, round ${round} of ${ROUNDS}`));
  for (const [index, one] of contenders.entries()) {
    const judged = await one.look(truths, (count) =>
      progress.at(`${one.name}: ${count} of ${truths.length} pictures`),
    );
    rows.push(rowOf(one, judged, { part, labels: model.labels, ms: times[index] }));
  }
  progress.end();
  for (const fault of faults.list()) console.error(faultText(fault));
  const { cpu, node } = thisMachine();
  const head = ['', 'learned from', 'AP50', `of ${part}`, 'parameters', 'file, MB', 'MACs, millions', 'ms'];
  const text = [
    `AP50 by VOC's area on ${truths.length} pictures, and on those of them whose names begin with ${part}: what is not from there, whoever learned from VOC may have seen. Milliseconds are of the network alone, on one thread of an ${cpu}, Node ${node}: medians of ${ROUNDS} rounds in turn, of each the fastest of ${RUNS_A_ROUND} runs.`,
    '',
    markdownTable(head, [...rows, ...[tinyYolo, squeezeDet].map(publishedRow)]),
    '',
    ...sizeLines(model),
    '',
    '`node scripts/compare-models.ts PEERS --data FOLDER... --only NAMES.json --card MODEL.md` writes this section.',
  ].join('\n');
  console.log(text);
  if (card !== undefined) writeFileSync(card, replaceSection(readFileSync(card, 'utf8'), 'Comparison', text));
}

async function load(
  model: Model,
  folder: string,
  [first]: readonly Truth[],
  faults: Faults,
): Promise<Contender[]> {
  if (first === undefined) throw new Error('expected pictures to judge by, found none');
  const sample = await decodePicture(first.file);
  const contenders: Contender[] = [];
  for (const form of FORMS) contenders.push(await ownContender(model, { ...form, sample, faults }));
  for (const peer of peersFor(model.labels)) {
    if (!existsSync(join(folder, peer.file))) continue;
    contenders.push(await peerContender(peer, { folder, sample, faults }));
  }
  return contenders;
}

/** All that there are, told which of their classes are judged. */
function peersFor(labels: readonly string[]): Peer[] {
  const labelOf = (index: number): string | undefined => {
    const label = labelFor(cocoNames[index] ?? '', labels);
    return labels.includes(label) ? label : undefined;
  };
  const yolos = [
    'MobileNetV2-YOLOv3-Nano-voc',
    'MobileNetV2-YOLO-Fastest-voc',
    'MobileNetV2-YOLO-Fastest-voc-v2',
  ];
  return [...yolos.map((name) => mobilenetYolo(name, labels)), picodetS(labelOf), yoloxNano(labelOf)];
}

/** Milliseconds of one run of each: medians of the rounds, of each round the fastest, which nothing held up. */
async function time(contenders: readonly Contender[], onRound: (round: number) => void): Promise<number[]> {
  const rounds: number[][] = contenders.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    onRound(round);
    for (const [index, { runOnce }] of contenders.entries()) {
      let fastest = Number.POSITIVE_INFINITY;
      for (let run = 0; run < RUNS_A_ROUND; run++) {
        const begin = performance.now();
        await runOnce();
        fastest = Math.min(fastest, performance.now() - begin);
      }
      if (round > 0) rounds[index]?.push(fastest);
    }
  }
  return rounds.map(median);
}

function rowOf(
  { name, trainedOn, parameters, bytes, multiplyAccumulates }: Contender,
  judged: readonly Judged[],
  { part, labels, ms }: { part: string; labels: readonly string[]; ms: number | undefined },
): string[] {
  const ofPart = judged.filter(({ truth }) => basename(truth.file).startsWith(part));
  return [
    ...[name, trainedOn, ofOne(judge(judged, labels).ap50), ofOne(judge(ofPart, labels).ap50)],
    ...[grouped(parameters), megabytes(bytes), millions(multiplyAccumulates), ms?.toFixed(1) ?? '–'],
  ];
}

/** What cannot be run here has no figures but those of its layers, with weights of 32 bits. */
function publishedRow(network: PublishedNetwork): string[] {
  const { parameters, multiplyAccumulates } = countPublished(network);
  const [width, height] = network.input;
  return [
    ...[`${network.name}, ${width} x ${height}, by its layers`, '', '–', '–'],
    ...[grouped(parameters), megabytes(4 * parameters), millions(multiplyAccumulates), '–'],
  ];
}

/** "26 times smaller than Tiny YOLO" (Wong et al., arXiv 1802.06488, section 4), computed. */
function sizeLines({ network }: Model): string[] {
  const own = countNetwork(network).parameters;
  const theirs = countPublished(tinyYolo).parameters;
  const [half, single] = [2 * own, 4 * theirs];
  const times = (more: number, less: number): string => (more / less).toFixed(1);
  return [
    `Weights: Tiny YOLO's are ${megabytes(single)} MB (${(single / 2 ** 20).toFixed(1)} MiB) at 32 bits, these ${megabytes(half)} MB at 16: ${times(single, half)} times smaller; the paper's 26 is ${(single / 2 ** 20).toFixed(1)} over ${(half / 1e6).toFixed(1)}. In parameters it is ${times(theirs, own)} times.`,
    '',
    `Sources of the layers: ${[tinyYolo, squeezeDet].map(({ source }) => source).join('; ')}.`,
  ];
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

function millions(count: number): string {
  return (count / 1e6).toFixed(1);
}

// Measures each form of a model as `falconet eval` does, and writes the section "Figures" of its card.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { faultText } from '../src/cli/eval/eval-report.ts';
import { runModel } from '../src/cli/eval/run-model.ts';
import { onlyNamed, readSources } from '../src/cli/eval/sources.ts';
import { loadManifest, type Model } from '../src/detector/manifest.ts';
import { Faults } from '../src/eval/faults.ts';
import { judge } from '../src/eval/judge.ts';
import type { Truth } from '../src/eval/truth.ts';
import { type FormFigures, figuresSection, type SeenFigures } from './card/figures-section.ts';
import { FORMS, formName } from './card/forms.ts';
import { replaceSection } from './card/replace-section.ts';

interface WriteOptions {
  readonly data: readonly string[];
  readonly only?: string;
  readonly part: string;
  readonly model: string;
}

await new Command('write-figures')
  .description('Measures each form of a model and writes the section "Figures" of its card.')
  .requiredOption('--data <folders...>', 'each with images/ and annotations.json in the form of COCO')
  .option('--only <file>', 'a JSON list of file names to judge by')
  .option('--part <prefix>', 'a column of its own: only the pictures whose names begin so', 'coco')
  .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
  .action(writeFigures)
  .parseAsync();

async function writeFigures({ data, only, part, model: name }: WriteOptions): Promise<void> {
  const faults = new Faults();
  const model = await loadManifest(name);
  const all = await readSources({ data, set: '' }, model.labels, faults);
  const { truths } = only === undefined ? all : await onlyNamed(all, only, faults);
  const forms: FormFigures[] = [];
  for (const form of FORMS) {
    const run = await runModel({ model, ...form, truths, faults });
    if (run === undefined) return;
    const ofPart = run.judged.filter(({ truth }) => basename(truth.file).startsWith(part));
    const figures = { all: judge(run.judged, model.labels), part: judge(ofPart, model.labels) };
    forms.push({ name: formName(form), ...figures });
    console.log(
      `${formName(form)}: AP50 ${figures.all.ap50?.toFixed(4)}, of ${part} ${figures.part.ap50?.toFixed(4)}`,
    );
  }
  const seen = only === undefined ? undefined : await compareForms(model, all.truths);
  for (const fault of faults.list()) console.error(faultText(fault));
  const [first, ...others] = forms as [FormFigures, ...FormFigures[]];
  const section = figuresSection({ forms: [first, ...others], partName: part, seen });
  writeFileSync(model.card, replaceSection(readFileSync(model.card, 'utf8'), 'Figures', section));
}

/** The native forms on all pictures: WebAssembly, which is slow, has what fp32 has. */
async function compareForms(model: Model, truths: readonly Truth[]): Promise<SeenFigures> {
  const forms: SeenFigures['forms'][number][] = [];
  for (const form of FORMS.filter(({ engine }) => engine === 'onnx')) {
    const run = await runModel({ model, ...form, truths, faults: new Faults() });
    if (run === undefined) continue;
    forms.push({ name: formName(form), ap50: judge(run.judged, model.labels).ap50 });
  }
  return { pictures: truths.length, forms };
}

import type { EngineChoice } from '../../detector/choose-engine.ts';
import { loadManifest } from '../../detector/manifest.ts';
import type { PrecisionChoice } from '../../detector/precision.ts';
import { readResults } from '../../eval/coco-results.ts';
import type { Faults } from '../../eval/faults.ts';
import type { GroundTruth, Judged } from '../../eval/truth.ts';
import type { EvalSubject } from './eval-report.ts';
import { readJson } from './read-json.ts';
import { runModel } from './run-model.ts';
import { onlyNamed, readSources, type SourceOptions } from './sources.ts';

export interface TrialOptions extends SourceOptions {
  /** A JSON list of file names. */
  readonly only?: string;
  readonly model: string;
  readonly engine: EngineChoice;
  readonly precision: PrecisionChoice;
  /** Results in COCO's form, instead of the model. */
  readonly detections?: string;
}

/** What is judged, and by what. */
export interface Trial {
  readonly subject: EvalSubject;
  /** All that was asked for; pictures that cannot be read are not among the judged. */
  readonly truth: GroundTruth;
  readonly judged: readonly Judged[];
  readonly labels: readonly string[];
}

/** Runs the model on the pictures, or reads what was found in them; undefined when a signal came. */
export async function holdTrial(options: TrialOptions, faults: Faults): Promise<Trial | undefined> {
  return options.detections === undefined
    ? tryModel(options, faults)
    : tryDetections(options, options.detections, faults);
}

async function tryModel(options: TrialOptions, faults: Faults): Promise<Trial | undefined> {
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

async function tryDetections(options: TrialOptions, detections: string, faults: Faults): Promise<Trial> {
  const { only } = options;
  const all = await readSources(options, [], faults);
  const truth = only === undefined ? all : await onlyNamed(all, only, faults);
  const found = readResults(await readJson(detections), detections, all, faults);
  return {
    subject: { detections },
    truth,
    judged: truth.truths.map((one) => ({ truth: one, found: found.get(one.id) ?? [] })),
    labels: truth.categories.map(({ label }) => label),
  };
}

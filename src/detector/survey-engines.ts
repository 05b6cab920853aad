import { FalconetError } from '../core/error.ts';
import { FASTEST_FIRST } from './choose-engine.ts';
import type { EngineName } from './engines/engine.ts';
import type { Model } from './manifest.ts';
import { openDetector } from './pool.ts';
import { reasonOf } from './reason.ts';

/** Whether an engine takes a model on this machine. */
export type EngineReport =
  | { readonly name: EngineName; readonly loads: true; readonly version: string }
  | { readonly name: EngineName; readonly loads: false; readonly why: string; readonly hint?: string };

/** Every engine, fastest first, each tried with the model in a process of its own that is gone afterwards. */
export async function surveyEngines(model: Model): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of FASTEST_FIRST) reports.push(await tryEngine(name, model));
  return reports;
}

async function tryEngine(name: EngineName, model: Model): Promise<EngineReport> {
  try {
    const detector = await openDetector({ model, engine: name });
    await detector.close();
    return { name, loads: true, version: detector.engine.version };
  } catch (error) {
    if (!(error instanceof FalconetError && error.code === 'ENGINE_NONE')) throw error;
    const { engines } = error.facts as { engines: Partial<Record<EngineName, string>> };
    const why = engines[name] ?? reasonOf(error);
    return { name, loads: false, why, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

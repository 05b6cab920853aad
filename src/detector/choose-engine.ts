import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineName, EngineVersion } from './engines/engine.ts';
import { reasonOf } from './reason.ts';

export type EngineChoice = EngineName | 'auto';

export interface EngineWish {
  readonly engine: EngineChoice;
  /** Name of the model, for what is said. */
  readonly model: string;
  readonly start: (name: EngineName) => Promise<EngineClient>;
  readonly log: Log;
}

/** By measurement: on one thread of an x86-64 PC 1, 1.2 to 2.1 and 2.6 (see bench/engine.ts). */
export const FASTEST_FIRST: readonly EngineName[] = ['onnx', 'tfjs', 'wasm'];

/**
 * The engine asked for, or for `auto` the fastest that loads; the log says which, and why not the faster ones.
 *
 * @throws ENGINE_NONE when none loads; `facts.engines` has each one's reason.
 */
export async function chooseEngine(
  wish: EngineWish,
): Promise<{ client: EngineClient; engine: EngineVersion }> {
  const { engine: wanted, model, start, log } = wish;
  const reasons: Partial<Record<EngineName, string>> = {};
  const hints: string[] = [];
  for (const name of wanted === 'auto' ? FASTEST_FIRST : [wanted]) {
    try {
      const client = await start(name);
      const engine = await client.ready;
      log.info(
        { engine: name, model, notTaken: reasons },
        `${model} runs on ${engine.version}${asides(reasons)}`,
      );
      return { client, engine };
    } catch (error) {
      reasons[name] = reasonOf(error);
      if (error instanceof FalconetError && error.hint !== undefined) hints.push(error.hint);
    }
  }
  throw new FalconetError('ENGINE_NONE', `no engine could load ${model}${asides(reasons)}`, {
    hint: hints[0] ?? 'Install onnxruntime-node, or see the reasons',
    facts: { engines: reasons },
  });
}

function asides(reasons: Partial<Record<EngineName, string>>): string {
  const each = Object.entries(reasons).map(([name, why]) => `${name}: ${why}`);
  return each.length === 0 ? '' : ` (${each.join('; ')})`;
}

// Measures on photographs what the bytes of a model's int8 graph stand for, and writes that graph.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadManifest } from '../src/detector/manifest.ts';
import { BYTE_STEPS_FILE } from './int8/byte-steps.ts';
import { measureSteps } from './int8/measure-steps.ts';
import { writeGraphs } from './weights/write-graphs.ts';

interface QuantizeOptions {
  readonly except?: string;
  readonly pictures: number;
  readonly out: string;
}

/** Fewer leave the greatest values to chance. */
const FEWEST = 300;

const program = new Command('quantize')
  .description("Measures on photographs what the bytes of a model's int8 graph stand for, and writes it.")
  .argument('<folders...>', 'of photographs')
  .option('--except <names.json>', 'a JSON list of file names not to look at: what the model is judged by')
  .option('--pictures <count>', `how many, evenly from all folders, ${FEWEST} at least`, count, 500)
  .requiredOption('--out <folder>', 'folder of the model')
  .action(quantize);
await program.parseAsync();

async function quantize(
  folders: readonly string[],
  { except, pictures, out }: QuantizeOptions,
): Promise<void> {
  const left = except === undefined ? [] : (JSON.parse(readFileSync(except, 'utf8')) as string[]);
  const chosen = choose(folders, new Set(left), pictures);
  if (chosen.length < FEWEST) program.error(`expected ${FEWEST} photographs or more, found ${chosen.length}`);
  const steps = await measureSteps(await loadManifest(out), chosen);
  writeFileSync(join(out, BYTE_STEPS_FILE), `${JSON.stringify(steps, null, 2)}\n`);
  console.log(`wrote ${BYTE_STEPS_FILE}: measured on ${chosen.length} photographs`);
  writeGraphs(out, (line) => console.log(line));
}

/** Evenly from all folders, and in each evenly over the names: the same folders give the same choice. */
function choose(folders: readonly string[], left: ReadonlySet<string>, wanted: number): string[] {
  const share = Math.ceil(wanted / folders.length);
  return folders.flatMap((folder) => {
    const names = readdirSync(folder)
      .filter((name) => /\.(jpe?g|png|webp)$/i.test(name) && !left.has(name))
      .sort();
    const stride = Math.max(1, names.length / share);
    return Array.from({ length: Math.min(share, names.length) }, (_, index) =>
      join(folder, names[Math.floor(index * stride)] as string),
    );
  });
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= FEWEST) return value;
  throw new InvalidArgumentError(`expected a whole number from ${FEWEST} on`);
}

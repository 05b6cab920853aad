/**
 * Runs the benches one after the other, each in a process of its own, and `falconet bench` last. Fails when one of
 * them breaks, never for a figure: those depend on the machine. With `--quick` in under three minutes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/core/package-root.ts';

interface Bench {
  readonly file: string;
  readonly full: readonly string[];
  readonly quick: readonly string[];
}

const benches: readonly Bench[] = [
  { file: 'bench/engine.ts', full: [], quick: ['--pairs', '2', '--seconds', '1'] },
  { file: 'bench/processes.ts', full: [], quick: ['--pairs', '2', '--seconds', '1'] },
  { file: 'bench/latency.ts', full: [], quick: ['--seconds', '25'] },
  { file: 'bench/memory.ts', full: [], quick: ['--seconds', '5'] },
  { file: 'bench/memory.ts', full: ['--engine', 'wasm'], quick: ['--seconds', '5', '--engine', 'wasm'] },
  { file: 'bench/load.ts', full: [], quick: ['--rounds', '2', '--seconds', '2'] },
  { file: 'bench/cost.ts', full: [], quick: ['--rounds', '1'] },
  { file: 'bench/gate.ts', full: [], quick: ['--frames', '2000', '--pairs', '1', '--seconds', '3'] },
  { file: 'bench/squares.ts', full: [], quick: [] },
  { file: 'bench/archive.ts', full: [], quick: ['--events', '2000', '--rounds', '5'] },
  { file: 'bench/rules.ts', full: [], quick: ['--frames', '300', '--rounds', '2'] },
  { file: 'bench/outbox.ts', full: [], quick: ['--events', '2000', '--pairs', '2', '--seconds', '5'] },
  { file: 'bench/web.ts', full: [], quick: ['--rounds', '1', '--seconds', '3'] },
  {
    file: 'bench/node-red.ts',
    full: [],
    quick: ['--rounds', '1', '--seconds', '3', '--deploys', '10', '--pictures', '50'],
  },
  { file: 'src/cli/main.ts', full: ['bench'], quick: ['bench', '--quick'] },
];

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const broken: string[] = [];
for (const { file, full, quick } of benches) {
  const args = [file, ...(values.quick ? quick : full)];
  console.log(`\n== ${args.join(' ')}`);
  const child = spawn(process.execPath, args, { cwd: packageRoot, stdio: 'inherit' });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) broken.push(file);
}
if (broken.length > 0) {
  console.error(`\nbroken: ${broken.join(', ')}`);
  process.exitCode = 1;
}

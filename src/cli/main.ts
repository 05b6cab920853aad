#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { asError, FalconetError } from '../core/error.ts';
import { packageRoot } from '../core/package-root.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { demoCommand } from './demo.ts';
import { detectCommand } from './detect.ts';
import { modelCommand } from './model.ts';
import { runCommand } from './run.ts';

// A URL given to `detect` may hold a password: from here on the process list shows only this name.
process.title = 'falconet';

const { version, description } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
  description: string;
};

const program = new Command('falconet')
  .description(description)
  .version(version)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 good, 1 failed, 2 wrong usage or configuration.');
for (const command of [
  runCommand(),
  checkCommand(),
  detectCommand(),
  modelCommand(),
  benchCommand(),
  demoCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = explain(asError(thrown));
}

/** Says what went wrong, once, and returns the exit code for it. */
function explain(error: Error): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  console.error(`falconet: ${error.message}`);
  if (!(error instanceof FalconetError)) return 1;
  if (error.hint !== undefined) console.error(`${error.hint}.`);
  return isWrongUse(error) ? 2 : 1;
}

function isWrongUse({ code }: FalconetError): boolean {
  return code === 'USAGE' || code === 'CONFIG_INVALID' || code === 'CONFIG_UNREADABLE';
}

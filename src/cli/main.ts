#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { asError } from '../core/error.ts';
import { packageRoot } from '../core/package-root.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { demoCommand } from './demo.ts';
import { detectCommand } from './detect.ts';
import { evalCommand } from './eval.ts';
import { eventsCommand } from './events.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { modelCommand } from './model.ts';
import { passwordCommand } from './password.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';

// A URL given to `detect` may hold a password: from here on the process list shows only this name.
process.title = 'falconet';

// Whoever reads, such as `head`, has enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

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
  replayCommand(),
  eventsCommand(),
  evalCommand(),
  modelCommand(),
  exportCommand(),
  importCommand(),
  benchCommand(),
  demoCommand(),
  passwordCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = explain(asError(thrown));
}

import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readWritten } from '../config/flow/read-written.ts';
import { flowFromConfig } from '../config/flow/to-flow.ts';
import { whereIs } from '../config/load.ts';
import { readProblem } from '../config/read-problem.ts';
import { FalconetError } from '../core/error.ts';

const NOTES = `
What the nodes cannot do is told on stderr, line by line. Passwords become \${NAME}, which Node-RED takes from its
environment.`;

/** `falconet import`: a configuration as a flow of Node-RED. */
export function importCommand(): Command {
  return new Command('import')
    .description('print the flow of Node-RED that does what a configuration does')
    .argument('[config]', 'configuration file', 'falconet.yaml')
    .addHelpText('after', NOTES)
    .action(async (path: string) => {
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new FalconetError('CONFIG_UNREADABLE', `${path}: ${readProblem(cause)}`, { cause });
      });
      const { flow, notes } = flowFromConfig(readWritten(text, whereIs(path)));
      for (const note of notes) console.error(`falconet: ${note}`);
      console.log(JSON.stringify(flow, null, 2));
    });
}

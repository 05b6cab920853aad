import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parseFlow } from '../config/flow/flow-node.ts';
import { configFromFlow } from '../config/flow/from-flow.ts';
import { readWritten } from '../config/flow/read-written.ts';
import { writtenText } from '../config/flow/written-text.ts';
import { whereIs } from '../config/load.ts';
import { readProblem } from '../config/read-problem.ts';
import { FalconetError } from '../core/error.ts';

const NOTES = `
What falconet.yaml cannot do is told on stderr, line by line. A flow has no passwords in it: where one was found all the
same, \${NAME} takes its place.`;

/** `falconet export`: a flow of Node-RED as a configuration. */
export function exportCommand(): Command {
  return new Command('export')
    .description('print the configuration that does what a flow of Node-RED does')
    .argument('<flow>', 'flow, as exported by the editor, or flows.json')
    .addHelpText('after', NOTES)
    .action(async (path: string) => {
      const json = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new FalconetError('CONFIG_UNREADABLE', `${path}: ${readProblem(cause)}`, { cause });
      });
      const { document, notes } = configFromFlow(parseFlow(json, path));
      for (const note of notes) console.error(`falconet: ${note}`);
      const text = writtenText(document);
      readWritten(text, { ...whereIs(path), name: `the configuration of ${path}` });
      process.stdout.write(text);
    });
}

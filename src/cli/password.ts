import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { FalconetError } from '../core/error.ts';
import { hashPassword } from '../web/password.ts';

const LEAST_CHARACTERS = 8;

/** `falconet password`: a hash for `dashboard.users`. The password is no argument, since those are in process lists. */
export function passwordCommand(): Command {
  return new Command('password')
    .description('print the hash of a password, for dashboard.users of the configuration')
    .addHelpText('after', '\nThe password is asked for, or read as the first line of the standard input.')
    .action(async () => {
      const password = await readPassword();
      if (password.length < LEAST_CHARACTERS) {
        throw new FalconetError('USAGE', `expected a password of at least ${LEAST_CHARACTERS} characters`, {
          hint: 'Take a longer one',
        });
      }
      console.log(await hashPassword(password));
    });
}

/** What is typed at a terminal is not shown. */
async function readPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) process.stderr.write('Password: ');
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}

import { CommanderError } from 'commander';
import { FalconetError } from '../core/error.ts';

/** Says what went wrong, once, and returns the exit code for it. */
export function explain(error: Error): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  complain(error);
  return error instanceof FalconetError && isWrongUse(error) ? 2 : 1;
}

/** What went wrong and what to do about it, on stderr. */
export function complain(error: Error): void {
  console.error(`falconet: ${error.message}`);
  if (error instanceof FalconetError && error.hint !== undefined) console.error(`${error.hint}.`);
}

function isWrongUse({ code }: FalconetError): boolean {
  return code === 'USAGE' || code === 'CONFIG_INVALID' || code === 'CONFIG_UNREADABLE';
}

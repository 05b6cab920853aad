import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** Where Debian keeps servers, which is on root's PATH only. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/** Path of a program that the tests can do without. */
export function installed(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(isRunnable);
}

/**
 * Skips the test and says why; where `FALCONET_SKIP_NOTHING` is set, as in CI, what is missing is a failure.
 */
export function skipFor({ skip }: Pick<TestContext, 'skip'>, reason: string): never {
  if (process.env['FALCONET_SKIP_NOTHING'] !== undefined)
    throw new Error(`expected to skip nothing: ${reason}`);
  return skip(reason);
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

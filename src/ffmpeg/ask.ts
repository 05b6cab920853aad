import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environment } from './environment.ts';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 10_000;

/** What an ffmpeg says of itself on its standard output. @throws whatever keeps it from running, or from an answer in 10 s */
export async function askFfmpeg(path: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(path, args, { timeout: ANSWERS_WITHIN_MS, env: environment() });
  return stdout;
}

import { execFile } from 'node:child_process';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';

export interface FfmpegResult {
  /** Exit code; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MOST_BYTES = 64 * 2 ** 20;

/**
 * Runs the bundled ffmpeg to its end, for tests that need its output or its complaint.
 *
 * @param timeoutMs - when it is killed. @default 20000
 */
export function runFfmpeg(args: readonly string[], timeoutMs = 20_000): Promise<FfmpegResult> {
  const options = { encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: timeoutMs } as const;
  return new Promise((resolve) => {
    const child = execFile(bundledFfmpeg.path, [...args], options, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr: stderr.toString() });
    });
    child.stdin?.end(); // or ffmpeg takes the terminal's keys for commands
  });
}

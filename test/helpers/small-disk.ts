import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Writes a file until nothing more fits. @returns removes it. */
  fill(): () => void;
  /** Takes it away, with all that is on it. */
  remove(): void;
}

/** A file system of its own in memory; undefined where this user may not mount one. */
export function smallDisk(sizeKb = 64): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'falconet-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKb}k`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined; // root in a container may lack the right
  }
  return {
    folder,
    fill() {
      const filler = join(folder, 'filler');
      for (const block of [Buffer.alloc(4_096), Buffer.alloc(1)]) appendUntilFull(filler, block);
      return () => rmSync(filler);
    },
    remove() {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function appendUntilFull(file: string, block: Buffer): void {
  try {
    for (;;) appendFileSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

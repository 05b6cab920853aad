import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPage } from '../../scripts/build-page.ts';
import { packageRoot } from '../../src/core/package-root.ts';

const run = promisify(execFile);

export interface BuiltPackage {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The package as Node-RED finds it installed, built from the sources of now; models and dependencies are links. */
export async function buildPackage(): Promise<BuiltPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-nodes-'));
  const build = join(packageRoot, 'scripts', 'build.ts');
  await run(process.execPath, [build, join(folder, 'dist'), '--no-check']);
  await buildPage(join(folder, 'dist/page'));
  await copyFile(join(packageRoot, 'package.json'), join(folder, 'package.json'));
  for (const name of ['models', 'node_modules', 'examples', 'resources']) {
    await symlink(join(packageRoot, name), join(folder, name), 'junction');
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

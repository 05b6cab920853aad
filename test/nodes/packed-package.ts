import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/core/package-root.ts';

const run = promisify(execFile);

export interface PackedPackage {
  /** Of the tarball. */
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** Paths within the package. */
  readonly files: readonly string[];
  remove(): Promise<void>;
}

/** `npm pack` of the sources of now; the checkout's own `dist` stays as it is. */
export async function packPackage(): Promise<PackedPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-pack-'));
  const stage = join(folder, 'stage');
  await mkdir(stage);
  const { files } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    files: string[];
  };
  for (const name of [...files, 'package.json', 'README.md', 'LICENSE']) {
    if (name !== 'dist') await cp(join(packageRoot, name), join(stage, name), { recursive: true });
  }
  const script = (name: string, ...args: string[]) =>
    run(process.execPath, [join(packageRoot, 'scripts', name), ...args]);
  await script('build.ts', join(stage, 'dist'), '--no-check');
  await script('build-page.ts', join(stage, 'dist/page'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: stage });
  const [packed] = JSON.parse(stdout) as [
    { filename: string; size: number; unpackedSize: number; files: { path: string }[] },
  ];
  return {
    path: join(folder, packed.filename),
    bytes: packed.size,
    unpackedBytes: packed.unpackedSize,
    files: packed.files.map(({ path }) => path),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A user folder of Node-RED into which packages are installed, as its palette does that. */
export async function userFolder(...packages: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-user-'));
  await writeFile(join(folder, 'package.json'), '{"name":"node-red-project","private":true}');
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
  await run('npm', ['install', ...quiet, '--omit=dev', '--save-prefix=~', ...packages], { cwd: folder });
  return folder;
}

/** Of all that lies below it. */
export async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

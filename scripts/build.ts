/**
 * Builds the package's code as it ships it, into `dist`, which is emptied first, with the page of the dashboard, or the
 * code alone into a new FOLDER: `node scripts/build.ts [FOLDER] [--no-check]`. Beside the compiled nodes lies what Node-RED looks for there.
 * `--no-check` leaves types unchecked.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/core/package-root.ts';
import { buildPage } from './build-page.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'no-check': { type: 'boolean', default: false } },
});
const dist = join(packageRoot, 'dist');
const folder = resolve(positionals[0] ?? dist);
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const check = values['no-check'] ? ['--noCheck', '--declaration', 'false'] : [];

if (folder === dist) rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', folder, ...check], {
  cwd: packageRoot,
  stdio: 'inherit',
});
if (folder === dist) await buildPage();
cpSync(join(packageRoot, 'nodes'), join(folder, 'nodes'), {
  recursive: true,
  filter: (path) => extname(path) !== '.ts',
});

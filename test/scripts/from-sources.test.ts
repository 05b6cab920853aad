import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';

test('a command in a checkout builds the page of the dashboard first, and prints nothing but its own', async () => {
  const before = Date.now();
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['run', '-s', 'falconet', '--', '--version'], { cwd: packageRoot });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(statSync(join(packageRoot, 'dist/page/index.html')).mtimeMs).toBeGreaterThan(before - 1_000);
});

test('no script waits for npm to run another one before or after it, which .npmrc turns off', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const names = Object.keys(scripts);
  expect(
    names.filter((name) => names.some((other) => [`pre${other}`, `post${other}`].includes(name))),
  ).toEqual([]);
});

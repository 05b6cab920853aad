import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const run = promisify(execFile);

interface Gate {
  readonly code: number;
  readonly said: string;
}

/**
 * `.ci/run`, by itself, with programs that do nothing in place of npm, apt and Node.
 *
 * @param npm - by its arguments, what npm says and how it ends where it does something.
 */
async function gate(npm: Readonly<Record<string, readonly [said: string, code: number]>>): Promise<Gate> {
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  for (const one of ['.ci', 'bin', 'node_modules/.bin']) mkdirSync(join(folder, one), { recursive: true });
  copyFileSync(join(packageRoot, '.ci/run'), join(folder, '.ci/run'));
  const program = (path: string, lines: string): void =>
    writeFileSync(path, `#!/usr/bin/env bash\n${lines}\n`, { mode: 0o755 });
  const cases = Object.entries(npm).map(([asked, [said, code]], n) => {
    writeFileSync(join(folder, `${n}.txt`), said);
    return `${JSON.stringify(asked)}) cat ${join(folder, `${n}.txt`)}; exit ${code};;`;
  });
  program(join(bin, 'npm'), `case "$*" in\n${cases.join('\n')}\nesac`);
  program(join(bin, 'apt-get'), '');
  program(join(folder, 'node_modules/.bin/node'), '');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, TMPDIR: folder };
  try {
    return { code: 0, said: (await run(join(folder, '.ci/run'), [], { env })).stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, said: stdout };
  }
}

const FAILURE = ' FAIL  test/a/b.test.ts > a > b\n';
const SUMMARY = '      Tests  1 failed | 10 passed (11)\n';
const GOOD = '      Tests  11 passed (11)\n';
const AGAIN = 'test -- test/a/b.test.ts';

test('what all goes well says how much it was', async () => {
  const { code, said } = await gate({ test: [GOOD, 0], 'run test:ci': [GOOD, 0] });
  expect(said).toMatch(/^2\d passed, 0 failed\n$/m);
  expect(code).toBe(0);
});

test('a test that only a busy machine breaks is named and does not fail the gate', async () => {
  const { code, said } = await gate({ test: [FAILURE + SUMMARY, 1], [AGAIN]: [GOOD, 0] });
  expect(said).toContain('== failed at first:\n FAIL  test/a/b.test.ts > a > b');
  expect(code).toBe(0);
});

test('a test that fails twice fails the gate, and a step beside it is named, too', async () => {
  const { code, said } = await gate({
    test: [FAILURE + SUMMARY, 1],
    [AGAIN]: [SUMMARY, 1],
    'run lint': ['', 1],
  });
  expect(said).toContain('== failed: npm test\n== failed: npm run lint\n');
  expect(said).toMatch(/passed, 2 failed\n$/);
  expect(code).toBe(1);
});

test('an installation that fails fails the gate, although what was installed before goes on working', async () => {
  const { code, said } = await gate({ ci: ['', 1], 'run test:ci': [GOOD, 0] });
  expect(said).toContain('== failed: npm ci');
  expect(code).toBe(1);
});

test('an error outside of all tests fails the gate, also beside a test that passes the second time', async () => {
  const errors = '     Errors  1 error\n';
  const { code } = await gate({ test: [FAILURE + SUMMARY + errors, 1], [AGAIN]: [GOOD, 0] });
  expect(code).toBe(1);
});

test('tests that end without a word fail the gate', async () => {
  const { code, said } = await gate({ 'run test:ci': ['', 137] });
  expect(said).toContain('== failed: npm run test:ci');
  expect(code).toBe(1);
});

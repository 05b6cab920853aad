import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processesBelow } from './processes.ts';
import { tempFolder } from './temp-folder.ts';

test.skipIf(process.platform !== 'linux')(
  'a child shows its command line and environment, until it has ended (needs /proc)',
  async () => {
    const script = 'console.log("up"); process.stdin.resume()';
    const child = spawn(process.execPath, ['-e', script, 'two words'], { env: { SECRET: 'in-the-open' } });
    onTestFinished(() => void child.kill());
    await once(child.stdout, 'data');

    const info = processesBelow()?.find(({ pid }) => pid === child.pid);
    expect(info).toMatchObject({
      parent: process.pid,
      commandLine: [process.execPath, '-e', script, 'two words'],
    });
    expect(info?.environment).toContain('SECRET=in-the-open');

    child.stdin.end();
    await once(child, 'close');
    expect(processesBelow()?.map(({ pid }) => pid)).not.toContain(child.pid);
  },
);

let left = '';

test('a temporary folder can be written to', () => {
  left = tempFolder();
  writeFileSync(join(left, 'file'), 'x');
  expect(existsSync(join(left, 'file'))).toBe(true);
});

test('it is gone once its test has finished, with all that lies in it', () => {
  expect(left).not.toBe('');
  expect(existsSync(left)).toBe(false);
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';

const run = promisify(execFile);

// `npm run soak` takes the whole day.
test('a tenth of a day loses no end, sends none twice, and leaves memory as it was', async () => {
  const args = ['--expose-gc', join(packageRoot, 'bench/soak.ts'), '--hours', '2.4'];
  const { stdout } = await run(process.execPath, args); // rejects with what it printed unless all holds
  expect(stdout).toMatch(/^2\.4 h: \d+ lives, each with one new and one end$/m);
  expect(stdout).toMatch(/: flat$/m);
}, 120_000);

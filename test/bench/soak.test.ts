import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';

const run = promisify(execFile);

/** CI takes a hundred thousand frames, a tenth of what `npm run soak` does, and `npm test` some of them. */
const HOURS = process.env['FALCONET_SKIP_NOTHING'] === undefined ? '1.2' : '5.8';

test('hours of frames lose no end, send none twice, and leave memory as it was', async () => {
  const args = ['--expose-gc', join(packageRoot, 'bench/soak.ts'), '--hours', HOURS];
  const { stdout } = await run(process.execPath, args); // rejects with what it printed unless all holds
  expect(stdout).toMatch(/ h, \d{5,} frames: \d{2,} lives, each with one new and one end$/m);
  expect(stdout).toMatch(/: flat$/m);
}, 600_000);

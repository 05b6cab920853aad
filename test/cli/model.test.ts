import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { falconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test('model list names what ships, with its licence', async () => {
  const { exitCode, stdout } = await falconet(['model', 'list']);
  expect(stdout).toMatch(/^tiny-ssd +.*Apache-2\.0, checksums good$/m);
  const json = JSON.parse((await falconet(['model', 'list', '--json'])).stdout);
  expect(json).toContainEqual(expect.objectContaining({ name: 'tiny-ssd', good: true, labels: 20 }));
  expect(exitCode).toBe(0);
});

test('model show tells what the model knows, its files, and the figures of its card', async () => {
  const { stdout } = await falconet(['model', 'show']);
  for (const word of ['person', 'Apache-2.0', '300x300', '1,133,001 parameters', 'AP50'])
    expect(stdout).toContain(word);
  const json = JSON.parse((await falconet(['model', 'show', '--json', 'tiny-ssd'])).stdout);
  expect(json).toMatchObject({ parameters: 1_133_001, multiply_accumulates: 570_814_191, input: [300, 300] });
  expect(json.files.map(({ use }: { use: string }) => use)).toEqual(
    expect.arrayContaining(['weights', 'onnx', 'wasm']),
  );
  expect(json.figures).toContain('AP50');
});

test('model show names the file that was changed', async () => {
  const folder = join(tempFolder(), 'mine');
  cpSync(join(packageRoot, 'models/tiny-ssd'), folder, { recursive: true });
  appendFileSync(join(folder, 'network.json'), ' ');
  const { exitCode, stderr } = await falconet(['model', 'show', folder]);
  expect(stderr).toMatch(/network\.json: expected sha256/);
  expect(exitCode).toBe(1);
});

import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const shipped = join(packageRoot, 'models/tiny-ssd');

describe('a model', () => {
  test('that ships is found by its name, and every file of it is there', async () => {
    const model = await loadManifest('tiny-ssd');
    expect(model).toMatchObject({
      name: 'tiny-ssd',
      license: 'Apache-2.0',
      floor: 0.1,
      nmsIou: 0.45,
      folder: shipped,
    });
    expect(model.labels).toHaveLength(20);
    expect(model.labels[14]).toBe('person');
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const path of Object.values(model.files)) expect(readFileSync(path).length).toBeGreaterThan(0);
    readFileSync(join(shipped, (readManifest(shipped) as { card: string }).card));
  });

  test('elsewhere is found by its folder', async () => {
    const folder = copyOfModel();
    expect((await loadManifest(folder)).folder).toBe(folder);
  });

  test('is found by a path from the folder of the configuration, wherever the gateway was started', async () => {
    const folder = copyOfModel();
    const wanted = `./${basename(folder)}`;
    expect((await loadManifest(wanted, dirname(folder))).folder).toBe(folder);
  });

  test('that is not there is said to be missing, with what to do', async () => {
    await expect(loadManifest('tiny-sdd')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining(join('models', 'tiny-sdd', 'model.json')),
      hint: expect.stringContaining('tiny-ssd'),
    });
  });

  test('that lost a file is said to miss this file', async () => {
    const folder = copyOfModel();
    rmSync(join(folder, 'tiny-ssd.safetensors'));
    await expect(loadManifest(folder)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('tiny-ssd.safetensors'),
    });
  });

  test.each(['network.json', 'tiny-ssd.safetensors', 'tiny-ssd.onnx', 'tiny-ssd-x16.onnx'])(
    'whose %s was changed is refused',
    async (name) => {
      const folder = copyOfModel();
      appendFileSync(join(folder, name), ' ');
      await expect(loadManifest(folder)).rejects.toMatchObject({
        code: 'MODEL_CHECKSUM',
        message: expect.stringContaining(name),
        facts: { file: name },
      });
    },
  );

  test.each([
    { name: 'no JSON', change: () => 'name: tiny-ssd', says: 'model.json: expected JSON' },
    {
      name: 'a label short',
      change: { labels: ['person'] },
      says: 'expected 20 labels, as many as the network has, got 1',
    },
    {
      name: 'another input',
      change: { input: { width: 320, height: 320, colour: 'rgb', layout: 'hwc', resize: 'stretch' } },
      says: 'an input of 300 x 300, got 320 x 320',
    },
    {
      name: 'an output that we cannot read',
      change: { output: 'yolo' },
      says: 'output: expected one of ssd, got "yolo"',
    },
    { name: 'a floor above 1', change: { floor: 30 }, says: 'floor: expected a number in 0..1, got 30' },
    {
      name: 'an unlisted file',
      change: { files: { network: 'other.json' } },
      says: 'sha256: other.json: expected a text',
    },
    {
      name: 'a file elsewhere',
      change: { sha256: { '../../package.json': '0' } },
      says: 'the name of a file beside it, got ../../package.json',
    },
  ])('whose manifest has $name is refused with the place', async ({ change, says }) => {
    const folder = copyOfModel();
    const text =
      typeof change === 'function' ? change() : JSON.stringify({ ...readManifest(folder), ...change });
    writeFileSync(join(folder, 'model.json'), text);
    await expect(loadManifest(folder)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(says),
    });
  });
});

function copyOfModel(): string {
  const folder = join(tempFolder(), 'model');
  cpSync(shipped, folder, { recursive: true });
  return folder;
}

function readManifest(folder: string): object {
  return JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as object;
}

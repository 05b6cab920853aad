import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convertWeights, newModel } from '../../scripts/convert-weights.ts';
import type { HalfArray } from '../../scripts/weights/npz.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { readSafetensors } from '../../src/detector/safetensors.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { npzOf } from './npz-writer.ts';

const shipped = join(packageRoot, 'models/tiny-ssd');

describe('convert-weights', () => {
  test.each([{ packing: 'stored' as const }, { packing: 'deflated' as const }])(
    'makes of $packing arrays the very files that ship: they are not stale',
    async ({ packing }) => {
      const { folder, npz } = workplace(npzOf(shippedArrays(), packing));
      convertWeights({ npz, folder });
      const { files } = await loadManifest('tiny-ssd');
      const made = await loadManifest(folder);
      for (const use of ['weights', 'onnx', 'wasm'] as const) {
        expect(readFileSync(made.files[use]).equals(readFileSync(files[use])), use).toBe(true);
      }
      expect(readFileSync(join(folder, 'model.json'), 'utf8')).toBe(
        readFileSync(join(shipped, 'model.json'), 'utf8'),
      );
    },
  );

  test('makes another model of other weights, whose checksums fit', async () => {
    const { folder, npz } = workplace(npzOf(shippedArrays().set('conv1.bias', zeros([57]))));
    convertWeights({ npz, folder });
    expect((await loadManifest(folder)).sha256).not.toBe((await loadManifest('tiny-ssd')).sha256);
  });

  test('begins a model of own labels, which runs', async () => {
    const arrays = shippedArrays();
    for (const [name, { shape }] of arrays) {
      const [filters = 0, ...rest] = shape;
      if (name.includes('.conf.')) arrays.set(name, zeros([(filters / 21) * 3, ...rest]));
    }
    const { npz } = workplace(npzOf(arrays));
    const folder = join(tempFolder(), 'mine');
    newModel(folder, ['cat', 'fox']);
    const said: string[] = [];
    convertWeights({ npz, folder, log: (line) => said.push(line) });
    // Without the folder it would be the shipped model that is overwritten.
    expect(said).toContainEqual(expect.stringMatching(/run node scripts\/quantize\.ts \S+ --out /));
    expect(said.find((line) => line.includes('quantize'))?.endsWith(` --out ${folder}`)).toBe(true);
    const { name, labels, network } = await loadManifest(folder);
    expect({ name, labels, classes: network.classes }).toEqual({
      name: 'mine',
      labels: ['cat', 'fox'],
      classes: 2,
    });
  });

  test.each([
    { name: 'nothing', npz: () => Buffer.alloc(0), says: 'expected an npz (a zip file), got other bytes' },
    {
      name: 'cut short',
      npz: () => npzOf(shippedArrays()).subarray(200_000),
      says: 'expected an npz, got a damaged one',
    },
    {
      name: 'without a bias',
      npz: () => npzOf(without('conv1.bias')),
      says: 'expected conv1.bias (57), got no array',
    },
    {
      name: 'with a stranger',
      npz: () => npzOf(shippedArrays().set('conv2.bias', zeros([1]))),
      says: 'got conv2.bias too',
    },
    {
      name: 'of another width',
      npz: () => npzOf(shippedArrays().set('conv1.bias', zeros([58]))),
      says: 'expected conv1.bias to be 57, got 58',
    },
    {
      name: 'not finite',
      npz: () =>
        npzOf(shippedArrays().set('conv1.bias', { shape: [57], bytes: new Uint8Array(114).fill(0x7e) })),
      says: 'to be finite',
    },
    {
      name: 'of 32-bit floats',
      npz: () => npzOf(shippedArrays(), 'stored', '<f4'),
      says: 'expected float16 in C order',
    },
  ])('writes nothing from a file that is $name, and says why', ({ npz: makeNpz, says }) => {
    const { folder, npz } = workplace(makeNpz());
    const before = readFileSync(join(folder, 'model.json'), 'utf8');
    expect(() => convertWeights({ npz, folder })).toThrow(says);
    expect(readFileSync(join(folder, 'model.json'), 'utf8')).toBe(before);
  });
});

function workplace(npzBytes: Uint8Array): { folder: string; npz: string } {
  const root = tempFolder();
  const folder = join(root, 'model');
  cpSync(shipped, folder, { recursive: true });
  const npz = join(root, 'weights.npz');
  writeFileSync(npz, npzBytes);
  return { folder, npz };
}

function shippedArrays(): Map<string, HalfArray> {
  const file = readFileSync(join(shipped, 'tiny-ssd.safetensors'));
  const places = [...readSafetensors(file)];
  return new Map(
    places.map(([name, { shape, offset, length }]) => [
      name,
      { shape, bytes: file.subarray(offset, offset + length) },
    ]),
  );
}

function without(name: string): Map<string, HalfArray> {
  const arrays = shippedArrays();
  arrays.delete(name);
  return arrays;
}

function zeros(shape: readonly number[]): HalfArray {
  return { shape, bytes: new Uint8Array(2 * shape.reduce((product, side) => product * side, 1)) };
}

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { convertWeights } from '../../scripts/convert-weights.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { readSafetensors } from '../../src/detector/safetensors.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const shipped = join(packageRoot, 'models/tiny-ssd');

interface HalfArray {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

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

/** What numpy's `savez` writes, as far as a reader looks: a zip (APPNOTE.TXT 4.3) without checksums. */
function npzOf(
  arrays: ReadonlyMap<string, HalfArray>,
  packing: 'stored' | 'deflated' = 'stored',
  type = '<f2',
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, array] of arrays) {
    const npy = npyOf(array, type);
    const packed = packing === 'stored' ? npy : deflateRawSync(npy);
    const fileName = Buffer.from(`${name}.npy`);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt16LE(fileName.length, 26);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(packing === 'stored' ? 0 : 8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt16LE(fileName.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, fileName, packed);
    directory.push(central, fileName);
    offset += local.length + fileName.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(arrays.size, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

function npyOf({ shape, bytes }: HalfArray, type: string): Buffer {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = Buffer.from(`{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }\n`);
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, header, bytes]);
}

import { deflateRawSync } from 'node:zlib';
import type { HalfArray } from '../../scripts/weights/npz.ts';

/** What numpy's `savez` writes, as far as a reader looks: a zip (APPNOTE.TXT 4.3) without checksums. */
export function npzOf(
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

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { isWholeMp4 } from '../../src/media/whole-mp4.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = readFileSync(join(packageRoot, 'examples/media/demo.mp4'));

test('a clip that was cut off anywhere is no clip', async () => {
  const path = join(tempFolder(), 'a.mp4');
  writeFileSync(path, CLIP);
  expect(await isWholeMp4(path)).toBe(true);
  for (const bytes of [CLIP.length - 1, Math.floor(CLIP.length / 2), 40, 3, 0]) {
    truncateSync(path, bytes);
    expect(await isWholeMp4(path)).toBe(false);
  }
});

test('boxes of 64 bits count; a size that cannot be does not send the reader round in circles', async () => {
  const path = join(tempFolder(), 'a.mp4');
  const box = (type: string, bytes: number, size = bytes) => {
    const one = Buffer.alloc(bytes);
    one.writeUInt32BE(size);
    one.write(type, 4, 'latin1');
    return one;
  };
  const large = box('mdat', 24, 1);
  large.writeBigUInt64BE(24n, 8);
  writeFileSync(path, Buffer.concat([box('ftyp', 8), box('moov', 8), large]));
  expect(await isWholeMp4(path)).toBe(true);
  writeFileSync(path, Buffer.concat([box('ftyp', 8), box('moov', 8, 0), box('mdat', 8)]));
  expect(await isWholeMp4(path)).toBe(false);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { drawDetections } from '../../src/media/draw.ts';

const COLUMNS = 4;
const TILE = { width: 300, height: 169 };

/**
 * JPEG of the picture of each `new`, with its box, in the order of the events.
 *
 * @param folders - as `falconet replay --out` writes them.
 */
export async function contactSheet(folders: readonly string[]): Promise<Buffer> {
  const tiles = await Promise.all(
    folders.flatMap((folder) => newsIn(folder).map((event) => tileOf(folder, event))),
  );
  const rows = Math.ceil(tiles.length / COLUMNS);
  const size = { width: COLUMNS * TILE.width, height: rows * TILE.height };
  const place = (i: number) => ({
    left: (i % COLUMNS) * TILE.width,
    top: Math.floor(i / COLUMNS) * TILE.height,
  });
  return sharp({ create: { ...size, channels: 3, background: '#fff' } })
    .composite(tiles.map((input, i) => ({ input, ...place(i) })))
    .jpeg({ quality: 80 })
    .toBuffer();
}

function newsIn(folder: string): FalconetEvent[] {
  const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as FalconetEvent).filter(({ type }) => type === 'new');
}

async function tileOf(folder: string, { image, label, score }: FalconetEvent): Promise<Buffer> {
  if (image === null) throw new TypeError('expected a picture with each new');
  const { data, info } = await sharp(join(folder, 'images', image.ref))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const drawn = await drawDetections({ ...info, data }, [{ label, score: score.current, box: image.box }]);
  return sharp(drawn)
    .resize({ ...TILE, fit: 'contain', background: '#fff' })
    .png()
    .toBuffer();
}

import { FalconetError } from '../core/error.ts';
import { MOST_PIXELS } from '../core/most-pixels.ts';
import type { Picture } from './image.ts';

/**
 * Pixels that somebody else decoded: `{ width, height, data }`, RGB24, row-major, `[height, width, 3]`. The bytes
 * are taken where they lie.
 *
 * @throws PICTURE_UNREADABLE when it is something else, or the sides do not fit the bytes.
 */
export function rawPixels(value: object): Picture {
  const { width, height, data } = value as Partial<Record<keyof Picture, unknown>>;
  if (!(data instanceof Uint8Array)) throw unreadable(`expected data as a Buffer, got ${typeof data}`);
  if (!isSide(width) || !isSide(height) || width * height > MOST_PIXELS) {
    throw unreadable(`expected whole sides of at most 40 million pixels, got ${width} x ${height}`);
  }
  const bytes = width * height * 3;
  if (data.length !== bytes) {
    throw unreadable(`expected pixels of length ${bytes} (${width} x ${height} x 3), got ${data.length}`);
  }
  return { width, height, data };
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0;
}

function unreadable(message: string): FalconetError {
  return new FalconetError('PICTURE_UNREADABLE', `pixels: ${message}`, {
    hint: 'Give { width, height, data } with three bytes a pixel: red, green, blue',
  });
}

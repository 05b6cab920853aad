import sharp from 'sharp';
import { asError, FalconetError } from '../core/error.ts';
import { MOST_PIXELS } from '../core/most-pixels.ts';
import type { Picture } from './image.ts';

/** What cameras and phones write. SVG and PDF, which sharp reads too, can name other files. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

export interface DecodeOptions {
  /** Wider pictures are scaled to this, in their own aspect. @default as they are */
  readonly maxWidth?: number;
}

/**
 * A picture file as RGB24, upright as its EXIF orientation says; transparent parts are white, of an animation
 * the first picture.
 *
 * @param input - a path, or the bytes of a file.
 * @throws PICTURE_UNREADABLE, naming the file, when it is missing, damaged, of another format or above 40
 *   million pixels.
 */
export async function decodePicture(
  input: string | Buffer,
  { maxWidth }: DecodeOptions = {},
): Promise<Picture> {
  const name = typeof input === 'string' ? input : 'picture';
  try {
    const image = sharp(input, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    const { format } = await image.metadata();
    if (!FORMATS.has(format)) throw new Error(`${format} is not one of ${[...FORMATS].join(', ')}`);
    const { data, info } = await image
      .autoOrient()
      .resize({ ...(maxWidth !== undefined && { width: maxWidth }), withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    const cause = asError(error);
    throw new FalconetError('PICTURE_UNREADABLE', `${name}: ${cause.message}`, {
      cause,
      hint: 'Give a JPEG, PNG, WebP, GIF, TIFF or HEIF picture of at most 40 million pixels',
    });
  }
}

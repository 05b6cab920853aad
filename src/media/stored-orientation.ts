import sharp from 'sharp';

/**
 * How a picture file is stored: its EXIF orientation, 1 to 8; 1, upright, where it has none.
 *
 * @throws Error of sharp when the file cannot be read; decodePicture says that better.
 */
export async function storedOrientation(path: string): Promise<number> {
  const { orientation = 1 } = await sharp(path).metadata();
  return orientation;
}

import sharp from 'sharp';

/** A PNG of a drawing of our own making. Texts need a font on the system. */
export async function svgToPng(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg)).png().toBuffer();
}

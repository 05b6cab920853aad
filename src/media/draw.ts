import sharp from 'sharp';
import type { Detection } from '../core/detection.ts';
import type { Picture } from './image.ts';

const QUALITY = 90;

export interface DrawOptions {
  /** Most pixels across; boxes and texts keep their size. @default those of the picture */
  readonly width?: number;
}

/**
 * JPEG of a picture with its detections drawn on it: a box each, with label and score in per cent.
 *
 * Each line is bright on a dark edge and each text white on dark, so that both can be read on any background.
 * Text needs a font on the system; without one the boxes are still there.
 */
export async function drawDetections(
  picture: Picture,
  detections: readonly Detection[],
  options: DrawOptions = {},
): Promise<Buffer> {
  const { width, height, data } = picture;
  const size = sizeWithin(picture, options.width ?? width);
  const overlay = Buffer.from(overlaySvg(size, detections));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ ...size, fit: 'fill' })
    .composite([{ input: overlay, top: 0, left: 0 }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** Of a picture that is made smaller if need be, never larger. */
function sizeWithin({ width, height }: Picture, most: number): Pick<Picture, 'width' | 'height'> {
  if (width <= most) return { width, height };
  return { width: most, height: Math.max(1, Math.round((height * most) / width)) };
}

/** The drawing without the picture: SVG of the picture's size, weakest detection first, so the best is on top. */
export function overlaySvg(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  detections: readonly Detection[],
): string {
  const unit = Math.max(1, Math.min(width, height) / 200);
  const shapes = detections
    .toSorted((a, b) => a.score - b.score)
    .map((detection) => shapeOf(detection, width, height, unit));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}

function shapeOf({ label, score, box }: Detection, width: number, height: number, unit: number): string {
  const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
  const text = `${label} ${Math.round(score * 100)}%`;
  const size = Math.max(9, 6 * unit);
  const tag = { width: (text.length + 1) * size * 0.6, height: size * 1.4 };
  // Above the box where there is room, else within it; never past the right edge.
  const tagX = Math.max(0, Math.min(x, width - tag.width));
  const tagY = y >= tag.height ? y - tag.height : y;
  const place = `x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="none"`;
  return [
    `<rect ${place} stroke="#000" stroke-opacity=".6" stroke-width="${n(2.5 * unit)}"/>`,
    `<rect ${place} stroke="${colourOf(label)}" stroke-width="${n(unit)}"/>`,
    `<rect x="${n(tagX)}" y="${n(tagY)}" width="${n(tag.width)}" height="${n(tag.height)}" fill-opacity=".7"/>`,
    `<text x="${n(tagX + size * 0.3)}" y="${n(tagY + size)}" fill="#fff" font-family="monospace" `,
    `font-size="${n(size)}">${escapeXml(text)}</text>`,
  ].join('');
}

/** A bright colour that is always the same for one label. */
function colourOf(label: string): string {
  let hash = 0;
  for (const character of label) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return `hsl(${hash}, 95%, 60%)`;
}

function n(value: number): string {
  return value.toFixed(1);
}

/** Characters that XML 1.0 (sections 2.2 and 2.4) does not take in a text, replaced. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD');
}

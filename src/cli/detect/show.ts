import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Detection, DetectionJob } from '../../core/detection.ts';
import { fourDecimals } from '../../core/four-decimals.ts';
import { drawDetections } from '../../media/draw.ts';

export interface ShowOptions {
  readonly json: boolean;
  /** Folder for pictures with boxes. */
  readonly draw?: string;
  /** Name of the file there, without its ending and, of a frame, its number. */
  readonly file: string;
}

/** One picture that was looked at. */
export interface Seen {
  /** Without secrets. */
  readonly name: string;
  readonly picture: DetectionJob['frame'];
  readonly detections: readonly Detection[];
  /** Of a frame: its number and time. */
  readonly at?: { readonly seq: number; readonly pts: number };
}

/** The result on stdout and, where asked, as a picture with boxes. */
export async function show(seen: Seen, { json, draw, file }: ShowOptions): Promise<void> {
  if (json) console.log(JSON.stringify(jsonOf(seen)));
  else for (const line of textOf(seen)) console.log(line);
  if (draw === undefined) return;
  const { picture, detections, at } = seen;
  const number = at === undefined ? '' : `-${at.seq}`;
  await writeFile(join(draw, `${file}${number}.boxes.jpg`), await drawDetections(picture, detections));
}

function jsonOf({ name, picture: { width, height }, detections, at }: Seen): object {
  return {
    source: name,
    ...(at !== undefined && { frame: at.seq, pts_ms: Math.round(at.pts) }),
    width,
    height,
    detections: detections.map(({ label, score, box }) => ({
      label,
      score: fourDecimals(score),
      box: box.map(fourDecimals),
    })),
  };
}

function textOf({ name, picture: { width, height }, detections, at }: Seen): string[] {
  const time = at === undefined ? '' : `  ${(at.pts / 1_000).toFixed(2)} s`;
  const title = styleText('bold', `${name}${time}  ${width}x${height}`);
  if (detections.length === 0) return [title, '  nothing'];
  const lines = detections.map(({ label, score, box }) => {
    const place = box.map((n) => n.toFixed(3)).join(' ');
    return `  ${label.padEnd(12)} ${score.toFixed(2)}  ${place}`;
  });
  return [title, ...lines];
}

import type { CameraView, ShownTrack } from '../../core/dashboard.ts';
import type { Point } from '../../core/polygon.ts';

export interface OverlayParts {
  readonly view: CameraView;
  readonly tracks: readonly ShownTrack[];
  readonly occupied: ReadonlySet<string>;
  readonly shows: Readonly<Record<'boxes' | 'zones' | 'paths' | 'all', boolean>>;
  readonly wordOf: (label: string) => string;
}

/** Width of lines and height of text by the drawing's width, so that both are seen on any screen. */
const LINE = 1 / 320;
const TEXT = 1 / 34;
const LEAST = { line: 1.5, text: 11 };
const MOST = { line: 3, text: 16 };
const ZONE = '#37c8b4';
const GATE_LINE = '#f5b83d';

/** Draws zones, lines, paths and boxes on a cleared canvas; all places are shares of the picture. */
export function drawOverlay(canvas: HTMLCanvasElement, parts: OverlayParts): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const pen: Pen = {
    context,
    at: ([x, y]) => [x * width, y * height],
    line: within(width * LINE, LEAST.line, MOST.line),
    text: within(width * TEXT, LEAST.text, MOST.text),
  };
  if (parts.shows.zones) drawPlaces(pen, parts);
  for (const track of parts.tracks.filter(({ isEvent }) => isEvent || parts.shows.all)) {
    context.globalAlpha = track.isEvent ? 1 : 0.6;
    if (parts.shows.paths) drawPath(pen, track);
    if (parts.shows.boxes) drawBox(pen, track, parts.wordOf(track.label));
  }
  context.globalAlpha = 1;
}

/** Bounds are in pixels of CSS. */
function within(dots: number, least: number, most: number): number {
  return Math.min(most * devicePixelRatio, Math.max(least * devicePixelRatio, dots));
}

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly at: (point: Point) => Point;
  readonly line: number;
  readonly text: number;
}

function drawPlaces(pen: Pen, { view, occupied }: OverlayParts): void {
  for (const { name, polygon } of view.zones) {
    trace(pen, polygon, true);
    pen.context.globalAlpha = occupied.has(name) ? 0.28 : 0.1;
    pen.context.fillStyle = ZONE;
    pen.context.fill();
    pen.context.globalAlpha = 1;
    stroke(pen, ZONE, occupied.has(name) ? 1.4 : 0.8);
    writeText(pen, name, polygon[0] ?? [0, 0], ZONE);
  }
  for (const { name, from, to } of view.lines) {
    trace(pen, [from, to], false);
    stroke(pen, GATE_LINE, 1.2);
    writeText(pen, name, from, GATE_LINE);
  }
}

function drawPath(pen: Pen, { path, label }: ShownTrack): void {
  if (path.length < 2) return;
  trace(pen, path, false);
  stroke(pen, colourOf(label), 0.8);
}

function drawBox(pen: Pen, { box, label, score, id }: ShownTrack, name: string): void {
  const { context, line } = pen;
  const [x, y] = pen.at([box[0], box[1]]);
  const [width, height] = pen.at([box[2], box[3]]);
  context.strokeStyle = 'rgb(0 0 0 / 60%)';
  context.lineWidth = line * 2.2;
  context.strokeRect(x, y, width, height);
  context.strokeStyle = colourOf(label);
  context.lineWidth = line;
  context.strokeRect(x, y, width, height);
  writeText(pen, `${name} ${Math.round(score * 100)} % · ${id}`, [box[0], box[1]], colourOf(label));
}

/** On dark, above the point where there is room, and never past the right edge. */
function writeText({ context, at, text }: Pen, words: string, point: Point, colour: string): void {
  context.font = `600 ${text}px system-ui, sans-serif`;
  const width = context.measureText(words).width + text * 0.6;
  const height = text * 1.35;
  const [px, py] = at(point);
  const x = Math.max(0, Math.min(px, context.canvas.width - width));
  const y = py >= height ? py - height : py;
  context.fillStyle = 'rgb(0 0 0 / 72%)';
  context.fillRect(x, y, width, height);
  context.fillStyle = colour;
  context.fillRect(x, y, text * 0.14, height);
  context.fillStyle = '#fff';
  context.textBaseline = 'middle';
  context.fillText(words, x + text * 0.34, y + height / 2);
}

function trace({ context, at }: Pen, points: readonly Point[], isClosed: boolean): void {
  context.beginPath();
  for (const point of points) context.lineTo(...at(point));
  if (isClosed) context.closePath();
}

function stroke({ context, line }: Pen, colour: string, weight: number): void {
  context.lineJoin = 'round';
  context.strokeStyle = 'rgb(0 0 0 / 45%)';
  context.lineWidth = line * weight * 2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = line * weight;
  context.stroke();
}

/** A bright colour that is always the same for one label. */
export function colourOf(label: string): string {
  let hash = 0;
  for (const character of label) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return `hsl(${hash} 95% 62%)`;
}

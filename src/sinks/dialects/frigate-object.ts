import { createHash } from 'node:crypto';
import type { FalconetEvent } from '../../core/schema/event.ts';

/** Of an object in `frigate/events`, as far as a Falconet event knows it; what it does not is null, 0 or empty. */
export interface FrigateObject {
  readonly id: string;
  readonly camera: string;
  readonly frame_time: number;
  readonly snapshot: FrigateSnapshot | null;
  readonly label: string;
  readonly sub_label: null;
  readonly top_score: number;
  readonly false_positive: boolean;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly score: number;
  /** Left, top, right, bottom in pixels of the detect picture. */
  readonly box: Corners;
  readonly area: number;
  readonly ratio: number;
  readonly region: Corners;
  readonly active: boolean;
  readonly stationary: boolean;
  readonly motionless_count: 0;
  readonly position_changes: 0;
  readonly current_zones: readonly string[];
  readonly entered_zones: readonly string[];
  readonly has_clip: boolean;
  readonly has_snapshot: boolean;
  readonly thumbnail: null;
  readonly attributes: Readonly<Record<string, never>>;
  readonly current_attributes: readonly never[];
  readonly current_estimated_speed: 0;
  readonly average_estimated_speed: 0;
  readonly velocity_angle: number;
  readonly recognized_license_plate: null;
  readonly recognized_license_plate_score: null;
}

interface FrigateSnapshot {
  readonly frame_time: number;
  readonly box: Corners;
  readonly area: number;
  readonly region: Corners;
  readonly score: number;
  readonly attributes: readonly never[];
}

type Corners = readonly [left: number, top: number, right: number, bottom: number];

export function frigateObject(event: FalconetEvent): FrigateObject {
  const { frame, label, score, track, zones, clip, image } = event;
  const box = pixels(event.box, frame);
  const region: Corners = [0, 0, frame.width, frame.height];
  return {
    id: frigateId(event),
    camera: event.camera,
    frame_time: seconds(event.time),
    snapshot: image && {
      frame_time: seconds(image.time),
      box: pixels(image.box, frame),
      area: areaOf(pixels(image.box, frame)),
      region,
      score: score.current,
      attributes: [],
    },
    label,
    sub_label: null,
    top_score: score.best,
    false_positive: false,
    start_time: seconds(event.start),
    end_time: event.end === null ? null : seconds(event.end),
    score: score.current,
    box,
    area: areaOf(box),
    ratio: ratioOf(box),
    region,
    active: !track.stationary,
    stationary: track.stationary,
    motionless_count: 0,
    position_changes: 0,
    current_zones: zones.current,
    entered_zones: zones.entered,
    has_clip: clip !== null,
    has_snapshot: image !== null,
    thumbnail: null,
    attributes: {},
    current_attributes: [],
    current_estimated_speed: 0,
    average_estimated_speed: 0,
    velocity_angle: angleOf(track.velocity),
    recognized_license_plate: null,
    recognized_license_plate_score: null,
  };
}

/** Of the form that is expected, start in seconds and six letters or digits, and always the same for one event. */
function frigateId({ id, start }: FalconetEvent): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 6);
  return `${seconds(start).toFixed(3)}-${hash}`;
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

function pixels([x, y, width, height]: FalconetEvent['box'], frame: FalconetEvent['frame']): Corners {
  const right = Math.round((x + width) * frame.width);
  const bottom = Math.round((y + height) * frame.height);
  return [Math.round(x * frame.width), Math.round(y * frame.height), right, bottom];
}

function areaOf([left, top, right, bottom]: Corners): number {
  return (right - left) * (bottom - top);
}

/** Width by height, to two decimals; 0 of a box without height. */
function ratioOf([left, top, right, bottom]: Corners): number {
  return bottom === top ? 0 : Math.round(((right - left) / (bottom - top)) * 100) / 100;
}

/** Degrees from the right hand, counter-clockwise as one looks at the picture, 0 to 360; 0 of what stands still. */
function angleOf([x, y]: FalconetEvent['track']['velocity']): number {
  if (x === 0 && y === 0) return 0;
  const degrees = (Math.atan2(-y, x) * 180) / Math.PI;
  return Math.round(((degrees + 360) % 360) * 10) / 10;
}

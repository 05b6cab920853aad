import { FalconetError } from '../core/error.ts';
import type { PixelBox } from './truth.ts';

/** Annotations or detections that cannot be judged by, at a place that can be found. */
export function invalid(place: string, expected: string, got: unknown): FalconetError {
  const found = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 60);
  return new FalconetError('ANNOTATIONS_INVALID', `${place}: expected ${expected}, got ${found}`, {
    hint: 'Give annotations and results in the form of COCO, or the folder of a VOC',
  });
}

/** @throws ANNOTATIONS_INVALID, as do all below, when `value` is something else. */
export function asObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalid(place, 'an object', value);
}

export function asList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(place, 'a list', value);
}

export function asText(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(place, 'a text', value);
}

export function asNumber(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(place, 'a number', value);
}

export function asPixelBox(value: unknown, place: string): PixelBox {
  const [x, y, width, height] = asList(value, place);
  if ((value as unknown[]).length !== 4) throw invalid(place, 'x, y, width and height', value);
  return [asNumber(x, place), asNumber(y, place), asNumber(width, place), asNumber(height, place)];
}

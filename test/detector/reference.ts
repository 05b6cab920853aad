import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';

/** A picture and what an independent implementation says of it; see test/fixtures/reference. */
export interface Reference {
  readonly name: string;
  /** `[300, 300, 3]`. */
  readonly pixels: Uint8Array;
  /** Numbers of the priors whose raw outputs are known. */
  readonly rows: readonly number[];
  readonly loc_first: readonly (readonly number[])[];
  readonly conf_first: readonly (readonly number[])[];
  readonly detections: readonly ReferenceDetection[];
}

export interface ReferenceDetection {
  readonly label: string;
  readonly score: number;
  readonly corners: readonly [number, number, number, number];
}

export const REFERENCE_SIZE = 300;

export function readReference(name: 'astronaut' | 'cat'): Reference {
  const base = join(packageRoot, 'test/fixtures/reference', name);
  const known = JSON.parse(readFileSync(`${base}.json`, 'utf8')) as Omit<Reference, 'name' | 'pixels'>;
  return { ...known, name, pixels: new Uint8Array(readFileSync(`${base}.rgb`)) };
}

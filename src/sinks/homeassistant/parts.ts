import type { CameraInfo } from '../../core/schema/bridge.ts';
import type { Part } from './component.ts';

/** The camera that entities are made of. */
export interface CameraPartsOptions {
  readonly baseTopic: string;
  readonly camera: string;
  readonly info: CameraInfo;
}

/** Entities by a key that stays the same. */
export type Parts = Readonly<Record<string, Part>>;

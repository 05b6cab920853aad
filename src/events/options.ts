import type { ModelIdentity } from '../core/detection.ts';

/** Who speaks, and of what. */
export interface LifeOptions {
  readonly gateway: string;
  readonly camera: string;
  /** Changes with every start of the gateway. */
  readonly run: string;
  readonly model: ModelIdentity;
}

import type { CameraPartsOptions, Parts } from './parts.ts';
import { sightParts } from './sight-parts.ts';
import { stateParts } from './state-parts.ts';
import { switchParts } from './switch-parts.ts';

/** Every entity of a camera. */
export function cameraParts(options: CameraPartsOptions): Parts {
  return { ...stateParts(options), ...sightParts(options), ...switchParts(options) };
}

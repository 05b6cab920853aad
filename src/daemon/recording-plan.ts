import { CLIPS } from '../config/schema/record.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { FfmpegSource } from '../core/camera-source.ts';
import type { RecordingPlan } from '../pipeline/recorder.ts';

/** How a camera's configuration wants it recorded. */
export function recordingPlan(source: FfmpegSource, { clips = CLIPS, masks }: CameraConfig): RecordingPlan {
  return {
    source,
    beforeMs: clips.before * 1_000,
    afterMs: clips.after * 1_000,
    longestMs: clips.longest * 1_000,
    ringBytes: clips.ring_mb * 1e6,
    copyUnmasked: masks.copy_unmasked,
  };
}

import { Counter, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Frame } from '../../core/frame.ts';
import type { FrameReport } from '../../core/frame-report.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';

/** Counts what happens at cameras, and how long it takes. */
export interface CameraMetrics {
  onEvent(event: FalconetEvent): void;
  /** A camera that was online is so no more. */
  onOutage(camera: string): void;
  onFrame(report: FrameReport): void;
  /** A frame was judged or found quiet. */
  onShown(frame: Pick<Frame, 'camera' | 'wallTime'>): void;
}

/** s; a camera of 5 frames/s is late from .2 on. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 15];

export function cameraMetrics(registry: Registry, clock: Clock): CameraMetrics {
  const registers = [registry];
  const counted = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const timed = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['camera'], buckets: BUCKETS, registers });
  const outages = counted('falconet_camera_outages_total', 'How often a camera that was online was lost', [
    'camera',
  ]);
  const squares = counted('falconet_squares_total', 'Pieces of pictures that the model looked at', [
    'camera',
  ]);
  const events = counted('falconet_events_total', 'Messages of events', ['camera', 'label', 'type']);
  const frameSeconds = timed(
    'falconet_frame_seconds',
    'From arrival of a frame until it was judged or found quiet',
  );
  const detectSeconds = timed(
    'falconet_detect_seconds',
    "Each frame's share of the time from its batch's start to the answer",
  );
  const eventSeconds = timed(
    'falconet_event_seconds',
    'From arrival of a frame to the event that speaks of it',
  );
  return {
    onEvent({ camera, label, type, latency_ms: latencyMs }) {
      events.inc({ camera, label, type });
      eventSeconds.observe({ camera }, latencyMs / 1_000);
    },
    onOutage: (camera) => outages.inc({ camera }),
    onFrame({ camera, detectMs, look }) {
      detectSeconds.observe({ camera }, detectMs / 1_000);
      squares.inc({ camera }, look.squares.length);
    },
    onShown({ camera, wallTime }) {
      frameSeconds.observe({ camera }, Math.max(0, clock.now() - wallTime) / 1_000);
    },
  };
}

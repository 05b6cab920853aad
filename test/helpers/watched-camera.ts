import { Subscription } from 'rxjs';
import { onTestFinished } from 'vitest';
import type { CameraState } from '../../src/core/camera-state.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { createChildren } from '../../src/ffmpeg/children.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { type CameraFramesOptions, cameraFrames } from '../../src/streams/camera-frames.ts';

type Watch = Pick<CameraFramesOptions, 'source' | 'ffmpeg'> & Partial<CameraFramesOptions>;

/** Subscribes to a camera's frames, keeping a record of all that it tells; it ends with the test. */
export function watchCamera(options: Watch, onFrame: (frame: Frame) => void = (frame) => frame.release()) {
  const children = createChildren();
  const frames: Pick<Frame, 'seq' | 'pts' | 'wallTime' | 'width' | 'height'>[] = [];
  const states: string[] = [];
  const logged: string[] = [];
  const drops = { late: 0, busy: 0, frozen: 0, gated: 0, off: 0, engine: 0, failed: 0 };
  const subscription = new Subscription();
  const write: Log['info'] = (facts, sentence) => logged.push(JSON.stringify(facts) + sentence);
  let errors: unknown[] = [];

  const ended = new Promise<void>((resolve) => {
    const made = cameraFrames({
      camera: 'drive',
      fps: 50,
      children,
      decode: decodePicture,
      clock: systemClock,
      log: { ...silentLog, warn: write, debug: write },
      secrets: [],
      onState: ({ state, reason }: CameraState) => states.push(`${state}/${reason}`),
      onDrop: (reason, count) => {
        drops[reason] += count;
      },
      ...options,
    });
    subscription.add(
      made.subscribe({
        next: (frame) => {
          const { seq, pts, wallTime, width, height } = frame;
          frames.push({ seq, pts, wallTime, width, height });
          onFrame(frame);
        },
        error: (error: unknown) => {
          errors = [error];
          resolve();
        },
        complete: resolve,
      }),
    );
  });
  onTestFinished(async () => {
    subscription.unsubscribe();
    await children.closeAll();
  });
  return { frames, states, logged, drops, children, ended, subscription, error: () => errors[0] };
}

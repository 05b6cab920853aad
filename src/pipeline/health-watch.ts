import type { Frame } from '../core/frame.ts';
import type { Health, HealthCondition } from '../core/health.ts';
import { isoTime } from '../core/iso-time.ts';
import type { Log } from '../core/log.ts';
import { healthStep, initialHealth } from '../gate/health.ts';

export interface HealthWatchOptions {
  readonly camera: string;
  readonly log: Log;
  /** A condition has begun or is over. */
  readonly onHealth: (health: Health) => void;
}

/** What the log says when a condition begins, and when it is over. */
const SENTENCES: Readonly<Record<HealthCondition, readonly [begun: string, over: string]>> = {
  dark: ['the picture has gone dark', 'the picture is bright again'],
  blurred: [
    'the picture has lost its edges: is the lens dirty or out of focus?',
    'the picture is sharp again',
  ],
  covered: ['the picture shows nothing but a surface: is the camera covered?', 'the picture is uncovered'],
  shifted: [
    'the picture shows another place: was the camera moved? Zones and masks are where they were',
    'the picture shows the place that it is taken for',
  ],
};

/** Looks at each picture that arrives, at most one in 5 s closely, and tells each change of its health once. */
export function healthWatch({ camera, log, onHealth }: HealthWatchOptions): (frame: Frame) => void {
  let state = initialHealth();
  let told: Health = {};
  return (frame) => {
    const [next, health] = healthStep(state, frame, frame.wallTime);
    state = next;
    const changed = (Object.keys(SENTENCES) as HealthCondition[]).filter(
      (condition) => (health[condition] === undefined) !== (told[condition] === undefined),
    );
    told = health;
    for (const condition of changed) {
      const since = health[condition];
      const [begun, over] = SENTENCES[condition];
      if (since === undefined) log.info({ camera, condition }, over);
      else log.warn({ camera, condition, since: isoTime(since) }, begun);
    }
    if (changed.length > 0) onHealth(health);
  };
}

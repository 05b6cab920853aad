import { type FrameMeter, type FrameMeterOptions, frameMeter } from '../../src/streams/meter.ts';

/** Counts what came of a reading and what the nodes before dropped, with what became of the rest here. */
export interface LaneMeter extends FrameMeter {
  /** The frames to come are of this reading; where it is another one, counting begins anew. */
  follow(reading: FrameMeter): void;
}

/** Frames that were looked at are its own: another *track* may look at the same. */
export function laneMeter(reading: FrameMeter, options: FrameMeterOptions): LaneMeter {
  let before = reading;
  let own = frameMeter(options);
  return {
    follow(next) {
      if (next === before) return;
      own.flush();
      before = next;
      own = frameMeter(options);
    },
    get totals() {
      const { came, dropped } = before.totals;
      const { looked, dropped: here } = own.totals;
      return { came, looked, dropped: { ...dropped, ...here } };
    },
    get dropped() {
      return before.dropped + own.dropped;
    },
    came: () => before.came(),
    looked: () => own.looked(),
    drop: (reason, count) => own.drop(reason, count),
    flush: () => own.flush(),
  };
}

import type { Log } from '../core/log.ts';

export interface RepeatsOptions {
  /** Least time between two lines that say the same. @default 10_000 */
  readonly everyMs?: number;
}

export interface RateLimitedLog extends Log {
  /** Writes what is held back now. */
  flush(): void;
}

type Facts = Readonly<Record<string, unknown>>;

interface Repeats {
  readonly level: 'warn' | 'error';
  readonly sentence: string;
  readonly timer: NodeJS.Timeout;
  /** Of the newest line that was held back. */
  facts: Facts;
  count: number;
}

/** Of sentences that are watched at once; the lines of others pass. */
const MOST_SENTENCES = 500;

/**
 * A log in which a fault that comes again and again does not drown the rest: of warnings and errors that say the same
 * of the same camera or sink, the first passes at once, and at most one every `everyMs` after it, with the newest
 * facts and `repeated`, the number of those that it stands for. Infos and debug lines all pass.
 */
export function withoutRepeats(log: Log, { everyMs = 10_000 }: RepeatsOptions = {}): RateLimitedLog {
  const watched = new Map<string, Repeats>();

  function limited(level: 'warn' | 'error') {
    return (facts: Facts, sentence: string): void => {
      const key = JSON.stringify([level, facts['camera'], facts['sink'], sentence]);
      const before = watched.get(key);
      if (before !== undefined) {
        before.count++;
        before.facts = facts;
        return;
      }
      log[level](facts, sentence);
      if (watched.size < MOST_SENTENCES) watch(key, { level, sentence, facts });
    };
  }

  function watch(key: string, line: Pick<Repeats, 'level' | 'sentence' | 'facts'>): void {
    const timer = setTimeout(() => {
      const repeats = watched.get(key);
      watched.delete(key);
      if (repeats === undefined || repeats.count === 0) return;
      tell(repeats);
      watch(key, repeats);
    }, everyMs).unref();
    watched.set(key, { ...line, timer, count: 0 });
  }

  function tell({ level, facts, sentence, count }: Repeats): void {
    log[level]({ ...facts, repeated: count }, sentence);
  }

  return {
    debug: (facts, sentence) => log.debug(facts, sentence),
    info: (facts, sentence) => log.info(facts, sentence),
    warn: limited('warn'),
    error: limited('error'),
    flush() {
      for (const repeats of watched.values()) {
        clearTimeout(repeats.timer);
        if (repeats.count > 0) tell(repeats);
      }
      watched.clear();
    },
  };
}

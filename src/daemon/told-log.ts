import { allowance } from '../core/allowance.ts';
import type { Clock } from '../core/clock.ts';
import { isoTime } from '../core/iso-time.ts';
import type { Log } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import type { LogLine } from '../core/schema/bridge.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A log whose lines somebody else hears, too. */
export interface ToldLog extends Log {
  /** From now on, without debug lines and without secrets. */
  tellTo(listener: (line: LogLine) => void): void;
}

export interface ToldLogOptions {
  /** Values that no line may hold; may grow. */
  readonly secrets: Iterable<string>;
  readonly clock: Clock;
  /** ms, from any start. @default performance.now */
  readonly now?: () => number;
}

/** What a start and a fault of all cameras bring; of a fault that goes on, a line a second is news enough. */
const ALLOWED = { burst: 50, perSecond: 1 };

/** All lines pass as they are; of those that are told, what is too much is counted instead. */
export function toldLog(log: Log, { secrets, clock, now }: ToldLogOptions): ToldLog {
  const isAllowed = allowance({ ...ALLOWED, ...(now !== undefined && { now }) });
  let listener: ((line: LogLine) => void) | undefined;
  let untold = 0;

  function tell(level: LogLine['level'], facts: Readonly<Record<string, unknown>>, sentence: string): void {
    if (listener === undefined) return;
    if (!isAllowed()) {
      untold += 1;
      return;
    }
    const known = [...secrets];
    const line: LogLine = {
      time: isoTime(clock.now()),
      level,
      message: redact(sentence, known),
      facts: withoutSecrets(facts, known),
    };
    const before = untold;
    untold = 0;
    listener(before === 0 ? line : { ...line, untold: before });
  }

  const passed =
    (level: LogLine['level']): Log['info'] =>
    (facts, sentence) => {
      log[level](facts, sentence);
      tell(level, facts, sentence);
    };
  return {
    debug: (facts, sentence) => log.debug(facts, sentence),
    info: passed('info'),
    warn: passed('warn'),
    error: passed('error'),
    tellTo(next) {
      listener = next;
    },
  };
}

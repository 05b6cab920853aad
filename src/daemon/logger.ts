import type { DestinationStream } from 'pino';
import { pino } from 'pino';
import pretty from 'pino-pretty';
import { redact } from '../core/redact.ts';
import { type RateLimitedLog, withoutRepeats } from './repeats.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger extends RateLimitedLog {
  /** From the next line on. */
  setLevel(level: LogLevel): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Readable lines for a person; else one JSON object a line. @default whether stderr is a terminal */
  readonly readable?: boolean;
  /** Values that no line may hold; may grow. */
  readonly secrets?: Iterable<string>;
  /** @default stderr, so that stdout stays for results */
  readonly destination?: DestinationStream;
}

/**
 * The log of a command: every line passes `redact` as a whole, whatever put it together. Warnings and errors that
 * repeat themselves are held back, see repeats.ts; `flush` it at the end.
 */
export function createLogger({
  level,
  readable = process.stderr.isTTY === true,
  secrets = [],
  destination = pino.destination({ dest: 2, sync: true }),
}: LoggerOptions): Logger {
  const colorize = readable && process.stderr.isTTY === true && process.stderr.hasColors(); // knows NO_COLOR
  const lines = readable
    ? pretty({ destination, colorize, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
    : destination;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
      hooks: { streamWrite: (line) => redact(line, secrets) },
    },
    lines,
  );
  return Object.assign(withoutRepeats(logger), {
    setLevel(next: LogLevel) {
      logger.level = next;
    },
  });
}

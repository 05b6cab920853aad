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

/** What is held at most while nothing can be written, bytes. */
const MOST_HELD = 1_000_000;

/**
 * Writes lines into an open file. A full disk below it stops nobody who logs: what comes then waits, `MOST_HELD` of it,
 * and is written with the first line for which there is room again; how many were lost beyond it is told then.
 */
export function linesTo(fd: number): ReturnType<typeof pino.destination> {
  // With a least length of 0 `flush` does nothing.
  const lines = pino.destination({ dest: fd, sync: true, minLength: 1, maxLength: MOST_HELD });
  lines.on('error', () => {}); // there is no other place to tell it
  let lost = 0;
  lines.on('drop', () => {
    lost++;
    lines.flush(); // else nothing is ever tried again once so much is held
  });
  lines.on('drain', () => {
    if (lost === 0) return;
    const facts = { level: 'warn', time: new Date().toISOString(), lost };
    lost = 0;
    lines.write(
      `${JSON.stringify({ ...facts, msg: 'lines of the log were lost: there was no room for them' })}\n`,
    );
  });
  return lines;
}

/**
 * The log of a command: every line passes `redact` as a whole, whatever put it together. Warnings and errors that
 * repeat themselves are held back, see repeats.ts; `flush` it at the end.
 */
export function createLogger({
  level,
  readable = process.stderr.isTTY === true,
  secrets = [],
  destination = linesTo(process.stderr.fd),
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

import { asyncScheduler, distinctUntilChanged, Subject, type Subscription, throttleTime } from 'rxjs';
import type { Detection } from '../../src/core/detection.ts';
import { type ErrorCode, FalconetError } from '../../src/core/error.ts';
import type { RedNode, Status } from './node-red.ts';

/** Each change goes to every open editor. */
const EVERY_MS = 500;
/** Longer ones push neighbouring nodes' badges aside. */
const MOST_CHARACTERS = 19;

/** Keys of the catalogue, `falconet-detect.status` in locales/. */
export type Word =
  | 'loading'
  | 'no-model'
  | 'settings'
  | 'broken-model'
  | 'no-engine'
  | 'engine-ended'
  | 'bad-picture'
  | 'too-many'
  | 'failed'
  | 'nothing';

/** A node's badge: the newest status shows, at most two changes a second. */
export interface Badge {
  show(status: Status): void;
  /** Nothing is shown from here on. */
  close(): void;
}

export function createBadge(node: Pick<RedNode, 'status'>): Badge {
  const statuses = new Subject<Status>();
  const shown: Subscription = statuses
    .pipe(
      throttleTime(EVERY_MS, asyncScheduler, { leading: true, trailing: true }),
      distinctUntilChanged((a, b) => a.text === b.text && a.fill === b.fill),
    )
    .subscribe({
      next: (status) => node.status(status),
      error: () => {}, // a Subject that nobody fails
    });
  return {
    show: (status) => statuses.next(status),
    close: () => shown.unsubscribe(),
  };
}

export function loading(): Status {
  return { fill: 'yellow', shape: 'ring', text: key('loading') };
}

/** Which engine computes: `onnx`. */
export function ready(engine: string): Status {
  return { fill: 'green', shape: 'dot', text: short(engine) };
}

/** The best of what was found, and how many more: `cat 87% +2`. */
export function found([best, ...more]: readonly Detection[]): Status {
  if (best === undefined) return { fill: 'green', shape: 'dot', text: key('nothing') };
  const others = more.length === 0 ? '' : ` +${more.length}`;
  const score = ` ${Math.round(best.score * 100)}%`;
  const label = short(best.label, MOST_CHARACTERS - score.length - others.length);
  return { fill: 'green', shape: 'dot', text: `${label}${score}${others}` };
}

export function failed(error: unknown): Status {
  const word = error instanceof FalconetError ? WORDS[error.code] : undefined;
  return { fill: 'red', shape: 'ring', text: key(word ?? 'failed') };
}

const WORDS: Partial<Record<ErrorCode, Word>> = {
  CONFIG_INVALID: 'settings',
  MODEL_MISSING: 'no-model',
  MODEL_INVALID: 'broken-model',
  MODEL_CHECKSUM: 'broken-model',
  ENGINE_NONE: 'no-engine',
  ENGINE_ENDED: 'engine-ended',
  ENGINE_BUSY: 'too-many',
  PICTURE_UNREADABLE: 'bad-picture',
};

function key(word: Word): string {
  return `falconet-detect.status.${word}`;
}

function short(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

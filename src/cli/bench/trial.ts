import type { FrameReport } from '../../core/frame-report.ts';

/** What became of the frames of all cameras over a while. */
export interface Count {
  readonly looked: number;
  readonly dropped: number;
  /** Dropped of all, in 0..1. */
  readonly lost: number;
  /** Seconds of video for a second of time, over all cameras: below 1 where even decoding falls behind. */
  readonly pace: number;
}

const MOST_LOST = 0.01;
/** Two reports of a camera lie between others; the clock is read when each comes. */
export const LEAST_PACE = 0.97;

/** Whether nothing to speak of was lost. */
export function isKept({ looked, lost, pace }: Count): boolean {
  return looked > 0 && lost <= MOST_LOST && pace >= LEAST_PACE;
}

type Seen = Pick<FrameReport, 'camera' | 'pts' | 'dropped'>;

interface Span {
  readonly first: Seen;
  readonly firstAt: number;
  last: Seen;
  lastAt: number;
  looked: number;
}

/** Counts between the first and the last report of each camera. */
export function cameraCount() {
  const spans = new Map<string, Span>();
  return {
    /** @param at - ms, of any clock that does not fall. */
    add(report: Seen, at: number): void {
      const span = spans.get(report.camera);
      if (span === undefined) {
        spans.set(report.camera, { first: report, firstAt: at, last: report, lastAt: at, looked: 0 });
        return;
      }
      span.last = report;
      span.lastAt = at;
      span.looked++;
    },
    /** @param cameras - how many there should be: one that showed nothing kept no pace. */
    total(cameras: number): Count {
      const all = [...spans.values()];
      const sum = (of: (span: Span) => number): number => all.reduce((total, span) => total + of(span), 0);
      const looked = sum((span) => span.looked);
      const dropped = sum(({ first, last }) => last.dropped - first.dropped);
      const paces = sum(
        ({ first, last, firstAt, lastAt }) => (last.pts - first.pts) / (lastAt - firstAt || 1),
      );
      return { looked, dropped, lost: dropped / Math.max(1, looked + dropped), pace: paces / cameras };
    },
  };
}

import { styleText } from 'node:util';
import type { FrameReport } from '../core/frame-report.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import { boxPanel } from './box-panel.ts';

/** What the demo shows of a running pipeline. */
export interface LiveView {
  frame(report: FrameReport): void;
  event(event: FalconetEvent): void;
  /** Leaves the terminal as a shell expects it. */
  end(): void;
}

/** Low scores flicker; the demo shows what could become an event. */
const SHOWN_SCORE = 0.4;
const PANEL = { columns: 64, rows: 18 };
const LINE_EVERY_MS = 2_000;

/** Boxes redrawn in place, with the events scrolling above them. For a terminal. */
export function panelView(out: NodeJS.WriteStream): LiveView {
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  return {
    frame(report) {
      const seen = report.detections.filter(({ score }) => score >= SHOWN_SCORE);
      const lines = [...boxPanel(seen, PANEL), styleText('dim', numbers(report), { stream: out })];
      clear();
      out.write(`${lines.join('\n')}\n`);
      drawn = lines.length;
    },
    event(event) {
      clear();
      const colour = event.type === 'new' ? 'green' : event.type === 'end' ? 'yellow' : 'dim';
      out.write(`${styleText(colour, eventLine(event), { stream: out })}\n`);
    },
    end: clear,
  };
}

/** A line for each event, and every two seconds one with boxes and numbers. For pipes and logs. */
export function lineView(out: NodeJS.WritableStream): LiveView {
  let next = 0;
  return {
    frame(report) {
      if (report.pts < next) return;
      next = report.pts + LINE_EVERY_MS;
      const boxes = report.detections
        .filter(({ score }) => score >= SHOWN_SCORE)
        .map(
          ({ label, score, box }) =>
            `${label} ${score.toFixed(2)} [${box.map((n) => n.toFixed(2)).join(' ')}]`,
        );
      out.write(`${numbers(report)}  ${boxes.join(', ')}\n`);
    },
    event(event) {
      out.write(`${eventLine(event)}\n`);
    },
    end() {},
  };
}

function numbers({ camera, pts, fps, detectMs, dropped, engine }: FrameReport): string {
  const time = `${(pts / 1_000).toFixed(1)} s`;
  return `${camera}  ${time}  ${fps.toFixed(1)} frames/s  ${detectMs.toFixed(0)} ms a frame  ${dropped} dropped  ${engine}`;
}

function eventLine({ type, camera, label, id, score, reason, track }: FalconetEvent): string {
  const best = `score ${score.median.toFixed(2)}`;
  const age = type === 'new' ? '' : `  ${track.age_s.toFixed(1)} s`;
  return `${type.padEnd(6)} ${camera}  ${label}  ${best}${age}  ${reason.join(', ')}  ${id}`;
}

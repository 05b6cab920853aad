import type { Detection } from '../core/detection.ts';

export interface PanelSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Detections as boxes of line characters, best on top: `rows` lines of `columns` characters, framed by the
 * picture's edge. Label and score stand in a box's upper side, as much of them as fits.
 */
export function boxPanel(detections: readonly Detection[], { columns, rows }: PanelSize): string[] {
  const cells = Array.from({ length: rows }, () => Array<string>(columns).fill(' '));
  const put = (column: number, row: number, text: string): void => {
    const line = cells[row];
    if (line === undefined) return;
    for (const [offset, character] of [...text].entries()) {
      if (column + offset < columns) line[column + offset] = character;
    }
  };
  outline(put, { left: 0, top: 0, right: columns - 1, bottom: rows - 1 });
  for (const { box, label, score } of detections.toReversed()) {
    const left = Math.round(box[0] * (columns - 1));
    const top = Math.round(box[1] * (rows - 1));
    const right = Math.max(left + 1, Math.round((box[0] + box[2]) * (columns - 1)));
    const bottom = Math.max(top + 1, Math.round((box[1] + box[3]) * (rows - 1)));
    outline(put, { left, top, right, bottom });
    put(left + 1, top, `${label} ${score.toFixed(2)}`.slice(0, right - left - 1));
  }
  return cells.map((line) => line.join(''));
}

interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function outline(put: (column: number, row: number, text: string) => void, edges: Edges): void {
  const { left, top, right, bottom } = edges;
  const side = '─'.repeat(right - left - 1);
  put(left, top, `┌${side}┐`);
  for (let row = top + 1; row < bottom; row++) {
    put(left, row, '│');
    put(right, row, '│');
  }
  put(left, bottom, `└${side}┘`);
}

import type { Detector } from '../../core/detection.ts';
import type { RecordingHead } from '../../core/schema/detections.ts';
import type { ReplayLook } from '../../pipeline/replay.ts';
import { lineFile } from './line-file.ts';

/** Writes what was seen as recorded detections. */
export interface Recorder {
  look(look: ReplayLook): void;
  close(): void;
}

/** Begins the file anew; its head goes out with the first frame, which tells the size. */
export function openRecorder(
  path: string,
  { model, engine, labels }: Pick<Detector, 'model' | 'engine' | 'labels'>,
): Recorder {
  const file = lineFile(path);
  let isBegun = false;
  return {
    look({ frame, seq, pts, look: { squares }, detections }) {
      const head: RecordingHead = {
        schema: 'falconet/detections/1',
        frame,
        model,
        engine,
        labels: [...labels],
      };
      if (!isBegun) file.write(head);
      isBegun = true;
      const wasAll = squares.some(({ width, height }) => width === frame.width && height === frame.height);
      const parts = squares.map(({ x, y, width, height }) => [x, y, width, height]);
      file.write({ seq, pts, ...(!wasAll && { squares: parts }), detections });
    },
    close: file.close,
  };
}

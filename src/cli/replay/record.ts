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
    look({ frame, seq, pts, detections }) {
      const head: RecordingHead = {
        schema: 'falconet/detections/1',
        frame,
        model,
        engine,
        labels: [...labels],
      };
      if (!isBegun) file.write(head);
      isBegun = true;
      file.write({ seq, pts, detections });
    },
    close: file.close,
  };
}

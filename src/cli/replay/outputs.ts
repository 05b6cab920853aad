import type { Detector } from '../../core/detection.ts';
import type { Delivery } from '../../core/sink.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { ReplayLook } from '../../pipeline/replay.ts';
import { clipProgress } from './clip-progress.ts';
import { eventText } from './event-text.ts';
import { explanationJson, explanationText } from './explanation-text.ts';
import { gatherExplanations } from './explanations.ts';
import { openOutFolder } from './out-folder.ts';
import { openRecorder } from './record.ts';

export interface OutputsOptions {
  readonly json: boolean;
  /** Folder for events and pictures. */
  readonly out?: string;
  /** File for recorded detections. */
  readonly recordDetections?: string;
  /** Time of the clip's first frame, ms since the epoch. */
  readonly start: number;
  readonly detector: Pick<Detector, 'model' | 'engine' | 'labels'>;
}

/** All that comes out of a replay: on stdout, in files, and how far it is on stderr. */
export interface Outputs {
  event(delivery: Delivery): void;
  look(look: ReplayLook): void;
  verdicts(verdicts: readonly Verdict[]): void;
  /** Prints what was gathered of verdicts, and closes the files. */
  close(): void;
}

/** Begins all files anew. */
export function openOutputs({ json, out, recordDetections, start, detector }: OutputsOptions): Outputs {
  const folder = out === undefined ? undefined : openOutFolder(out);
  const recorder = recordDetections === undefined ? undefined : openRecorder(recordDetections, detector);
  const explanations = gatherExplanations();
  const progress = clipProgress(process.stderr);

  function print(line: string): void {
    progress.end(); // its line is in the way
    console.log(line);
  }
  return {
    event(delivery) {
      const { event } = delivery;
      explanations.sent(event);
      folder?.keep(delivery);
      print(json ? JSON.stringify(event) : eventText(event, start));
    },
    look(look) {
      recorder?.look(look);
      progress.at(look.pts);
    },
    verdicts: explanations.add,
    close() {
      for (const each of explanations.all()) {
        if (json) print(JSON.stringify(explanationJson(each)));
        else for (const line of ['', ...explanationText(each, start)]) print(line);
      }
      progress.close();
      folder?.close();
      recorder?.close();
    },
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clipPlan } from '../../src/cli/replay/clip-plan.ts';
import { loadConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Ffmpeg } from '../../src/ffmpeg/find.ts';
import { parseRecording, playRecording } from '../../src/pipeline/recording.ts';
import { startReplay } from '../../src/pipeline/replay.ts';

/** The recorded clips: see README.md in `goldenFolder`. */
export const GOLDEN_CLIPS = ['demo', 'persons', 'cars', 'bottles'] as const;
export type GoldenClip = (typeof GOLDEN_CLIPS)[number];

/** Recorded detections need none. */
export const NO_FFMPEG: Ffmpeg = { path: '', version: '', generation: 0, origin: 'configured' };

export function goldenFolder(clip: GoldenClip): string {
  return join(packageRoot, 'test/fixtures/replay', clip);
}

/** What the configuration makes of the recorded detections, now. */
export async function replayGolden(clip: GoldenClip): Promise<FalconetEvent[]> {
  const folder = goldenFolder(clip);
  const loaded = await loadConfig(join(folder, 'falconet.yaml'));
  const name = join(folder, 'detections.jsonl');
  const playback = playRecording(parseRecording(readFileSync(name, 'utf8'), name));
  const events: FalconetEvent[] = [];
  const { finished } = startReplay({
    playback,
    detector: playback.detector,
    gateway: loaded.config.gateway,
    plan: clipPlan(loaded, { clip: name }),
    ffmpeg: NO_FFMPEG,
    startMs: 0,
    secrets: [],
    log: silentLog,
    onDelivery: ({ event }) => events.push(event),
  });
  const { failed, lost } = await finished;
  if (failed || lost > 0) throw new Error(`expected ${clip} to be played to its end`);
  return events;
}

/** An event log as `falconet replay --json` prints it. */
export function logText(events: readonly FalconetEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

// Writes the event logs of the recorded clips anew, and prints them against what a person saw; with --videos FOLDER it
// records what the model sees in them first. See test/fixtures/replay/README.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/core/package-root.ts';
import {
  GOLDEN_CLIPS,
  type GoldenClip,
  goldenFolder,
  logText,
  replayGolden,
} from '../test/helpers/golden.ts';
import { compare, comparisonText, truthOf } from '../test/helpers/truth.ts';

const VIDEOS: Record<GoldenClip, (folder: string) => string> = {
  demo: () => join(packageRoot, 'examples/media/demo.mp4'),
  persons: (folder) => join(folder, 'one-by-one-person-detection.mp4'),
  cars: (folder) => join(folder, 'car-detection.mp4'),
  bottles: (folder) => join(folder, 'bottle-detection.mp4'),
};

const { values } = parseArgs({ options: { videos: { type: 'string' } } });
for (const clip of GOLDEN_CLIPS) {
  if (values.videos !== undefined) await record(clip, values.videos);
  const events = await replayGolden(clip);
  writeFileSync(join(goldenFolder(clip), 'events.jsonl'), logText(events));
  for (const line of comparisonText(clip, compare(events, truthOf(clip)))) console.log(line);
}

async function record(clip: GoldenClip, videos: string): Promise<void> {
  const folder = goldenFolder(clip);
  const args = ['replay', VIDEOS[clip](videos), join(folder, 'falconet.yaml')];
  args.push('--record-detections', join(folder, 'detections.jsonl'));
  const child = spawn(process.execPath, [join(packageRoot, 'src/cli/main.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`expected ${clip} to be recorded, got exit code ${exitCode}`);
}

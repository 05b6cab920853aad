// Writes the event logs of the recorded clips anew, and prints them against what a person saw; with --videos FOLDER it
// first records what the model sees in them, and draws docs/images/by-eye.jpg. See test/fixtures/replay/README.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import { contactSheet } from './golden/sheet.ts';

const VIDEOS: Record<GoldenClip, (folder: string) => string> = {
  demo: () => join(packageRoot, 'examples/media/demo.mp4'),
  persons: (folder) => join(folder, 'one-by-one-person-detection.mp4'),
  cars: (folder) => join(folder, 'car-detection.mp4'),
  bottles: (folder) => join(folder, 'bottle-detection.mp4'),
};

const { values } = parseArgs({ options: { videos: { type: 'string' } } });
if (values.videos !== undefined) await recordAll(values.videos);
for (const clip of GOLDEN_CLIPS) {
  const events = await replayGolden(clip);
  writeFileSync(join(goldenFolder(clip), 'events.jsonl'), logText(events));
  for (const line of comparisonText(clip, compare(events, truthOf(clip)))) console.log(line);
}

async function recordAll(videos: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-golden-'));
  try {
    const outs = GOLDEN_CLIPS.map((clip) => join(folder, clip));
    for (const [i, clip] of GOLDEN_CLIPS.entries()) await record(clip, videos, outs[i] ?? '');
    writeFileSync(join(packageRoot, 'docs/images/by-eye.jpg'), await contactSheet(outs));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function record(clip: GoldenClip, videos: string, out: string): Promise<void> {
  const folder = goldenFolder(clip);
  const args = ['replay', VIDEOS[clip](videos), join(folder, 'falconet.yaml'), '--out', out];
  args.push('--record-detections', join(folder, 'detections.jsonl'));
  const child = spawn(process.execPath, [join(packageRoot, 'src/cli/main.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`expected ${clip} to be recorded, got exit code ${exitCode}`);
}

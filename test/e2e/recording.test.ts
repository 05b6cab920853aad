import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { bundledFfmpeg, runFfmpeg } from '../helpers/ffmpegs.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const DEMO = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 90_000, interval: 200 };
/** A corner of the demo clip that is no darker than the rest, in 0..1. */
const HIDDEN = { width: 0.2, height: 0.6 };
const POLYGON = '[[0, 0], [0.2, 0], [0.2, 0.6], [0, 0.6]]';
/** JPEG and H.264 blur an edge over a block. */
const EDGE = 0.02;

/** The demo clip in the size of a main stream, with a keyframe a second. */
async function largeClip(): Promise<string> {
  const path = join(tempFolder(), 'large.mp4');
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '10', '-pix_fmt', 'yuv420p'];
  await runFfmpeg(await bundledFfmpeg(), '-i', DEMO, '-vf', 'scale=1280:720', ...encoder, '-an', path);
  return path;
}

/** Brightest value of a picture where it is hidden, the mean beside it, and its width. */
async function levels(picture: string | Buffer): Promise<{ hidden: number; shown: number; width: number }> {
  const { width, height } = await sharp(picture).metadata();
  const size = {
    width: Math.floor(width * (HIDDEN.width - EDGE)),
    height: Math.floor(height * (HIDDEN.height - EDGE)),
  };
  const grey = (left: number) =>
    sharp(picture)
      .extract({ ...size, top: 0, left })
      .greyscale()
      .raw()
      .toBuffer();
  const [hidden, shown] = [await grey(0), await grey(Math.floor(width / 2))];
  const mean = shown.reduce((sum, value) => sum + value, 0) / shown.length;
  return { hidden: hidden.reduce((most, value) => Math.max(most, value), 0), shown: mean, width };
}

async function frameOf(clip: string): Promise<Buffer> {
  const one = ['-i', clip, '-vf', "select='eq(n,12)'", '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png'];
  return runFfmpeg(await bundledFfmpeg(), ...one, 'pipe:1');
}

interface Wanted {
  readonly masks?: string;
  readonly large?: string;
}

/** A gateway with one camera whose main stream is larger than what is looked at. */
async function record({ masks = '{}' }: Wanted = {}) {
  const main = await startRtspCamera({ clip: await largeClip() });
  const sub = await startRtspCamera({ clip: DEMO });
  onTestFinished(async () => void (await Promise.all([main.close(), sub.close()])));
  const folder = tempFolder();
  const config = join(folder, 'falconet.yaml');
  writeFileSync(
    config,
    `model: { processes: 1 }
cameras:
  room:
    source: ${sub.url}
    record: ${main.url}
    clips: { before: 1, after: 1, longest: 30 }
    labels: { person: {} }
    masks: ${masks}
sinks: [{ type: file, path: events.jsonl, images: true }]
log: { level: info }
`,
  );
  const gateway = startFalconet(['run', config]);
  const events = (): FalconetEvent[] => {
    if (!existsSync(join(folder, 'events.jsonl'))) return [];
    const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => eventSchema.parse(JSON.parse(line)));
  };
  const clips = join(folder, 'falconet-data/clips');
  /** A clip that is there, and what was told of its event until then. */
  const firstClip = async () => {
    await vi.waitFor(() => {
      const names = existsSync(join(clips, 'room')) ? readdirSync(join(clips, 'room')) : [];
      expect(names.filter((name) => name.endsWith('.mp4'))).not.toEqual([]);
    }, WITHIN);
    const refs = events().flatMap(({ clip }) => (clip === null ? [] : [clip.ref]));
    const ref = refs.find((one) => existsSync(join(clips, one)));
    if (ref === undefined) throw new Error('expected a clip that an event names');
    return { path: join(clips, ref), life: events().filter(({ clip }) => clip?.ref === ref) };
  };
  const pictures = () =>
    readdirSync(join(folder, 'images/room')).map((name) => join(folder, 'images/room', name));
  return { gateway, config, folder, events, firstClip, pictures, main, sub };
}

test('an event has its picture, the same in full size and a clip, and what a privacy mask hides is in none of them', async () => {
  const { gateway, folder, events, firstClip, pictures } = await record({
    masks: `{ privacy: [${POLYGON}] }`,
  });
  const isLarge = ({ reason }: FalconetEvent) => reason.includes('image');
  await vi.waitFor(() => expect(events().some(isLarge)).toBe(true), WITHIN);
  const { path, life } = await firstClip();
  gateway.kill('SIGTERM');
  expect((await gateway.finished).exitCode).toBe(0);

  expect(life[0]).toMatchObject({ type: 'new', clip: { end: null, unmasked: false } });
  const large = events().find(isLarge);
  // The last before it, not the `new`: a better picture may have gone out first, and the box goes with it.
  const before = events().findLast(
    ({ id, seq, image }) => id === large?.id && seq < large.seq && image?.source === 'detect',
  );
  expect(before).toMatchObject({ image: { source: 'detect', offset_ms: 0 } });
  expect(large).toMatchObject({ type: 'update', image: { source: 'record', box: before?.box } });
  expect(Math.abs(large?.image?.offset_ms ?? 10_000)).toBeLessThan(2_000);

  const levelOf = (event?: FalconetEvent) => levels(join(folder, 'images', event?.image?.ref ?? ''));
  expect(await levelOf(before)).toMatchObject({ width: 640 });
  expect(await levelOf(large)).toMatchObject({ width: 1280 });
  const inClip = await levels(await frameOf(path));
  expect(inClip.width).toBe(1280);
  for (const { hidden, shown } of [inClip, ...(await Promise.all(pictures().map(levels)))]) {
    expect(hidden).toBeLessThan(24);
    expect(shown).toBeGreaterThan(40);
  }
  expect(existsSync(join(folder, 'falconet-data/ring/room'))).toBe(false); // it was not masked
}, 150_000);

test('only clips show what is hidden, only where that was asked for, and each event says so', async () => {
  const { gateway, firstClip, pictures } = await record({
    masks: `{ privacy: [${POLYGON}], copy_unmasked: true }`,
  });
  const { path, life } = await firstClip();
  gateway.kill('SIGTERM');
  const { stderr } = await gateway.finished;
  for (const { hidden } of await Promise.all(pictures().map(levels))) expect(hidden).toBeLessThan(24);
  expect((await levels(await frameOf(path))).hidden).toBeGreaterThan(60);
  for (const { clip } of life) expect(clip?.unmasked).toBe(true);
  expect(stderr).toContain('masks.copy_unmasked');
}, 150_000);

test('a gateway that is killed leaves no ffmpeg that fills the disk, and its ring goes with the next start', async () => {
  const { gateway, config, folder, main, sub } = await record();
  const ring = join(folder, 'falconet-data/ring/room');
  const names = () => (existsSync(ring) ? readdirSync(ring) : []);
  await vi.waitFor(() => expect(names().length).toBeGreaterThan(2), WITHIN);
  gateway.kill('SIGKILL');
  await gateway.finished;
  await vi.waitFor(() => expect([main.sessions(), sub.sessions()]).toEqual([0, 0]), WITHIN);
  expect(names()).not.toEqual([]);

  const unrecorded = readFileSync(config, 'utf8').replace(/^ +(record|clips):.*\n/gm, '');
  writeFileSync(config, unrecorded);
  const next = startFalconet(['run', config]);
  await vi.waitFor(() => expect(sub.sessions()).toBe(1), WITHIN);
  expect(names()).toEqual([]);
  next.kill('SIGTERM');
  await next.finished;
}, 150_000);

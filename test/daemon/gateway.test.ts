import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type LoadedConfig, parseConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { type Gateway, startGateway } from '../../src/daemon/gateway.ts';
import { startBroker } from '../helpers/broker.ts';
import { runFfmpeg } from '../helpers/ffmpeg.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 20_000, interval: 50 };

let folder: string;
let next: LoadedConfig | Error;
let gateway: Gateway | undefined;
let errors: string[];
let reads: number;
beforeEach(() => {
  folder = tempFolder();
  errors = [];
  reads = 0;
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

interface Wanted {
  readonly file?: string;
  readonly model?: string;
  readonly cameras?: string;
}

const LOOPED = `{ source: ${JSON.stringify(CLIP)}, loop: true, labels: { person: {} } }`;

function config({
  file = 'a',
  model = 'processes: 1',
  cameras = `drive: ${LOOPED}`,
}: Wanted = {}): LoadedConfig {
  const text = `model: { ${model} }\ncameras:\n  ${cameras}\nsinks: [{ type: file, path: ${file}.jsonl }]\n`;
  return parseConfig(text, { name: 'test', folder, environment: {} });
}

async function start(loaded: LoadedConfig): Promise<Gateway> {
  gateway = await startGateway({
    loaded,
    log: { ...silentLog, error: (_, sentence) => void errors.push(sentence) },
    async reread() {
      reads++;
      if (next instanceof Error) throw next;
      return next;
    },
  });
  return gateway;
}

function reload(to: LoadedConfig | Error) {
  next = to;
  if (gateway === undefined) throw new Error('expected a gateway that runs');
  return gateway.reload();
}

function eventsIn(file: string): FalconetEvent[] {
  const path = join(folder, `${file}.jsonl`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as FalconetEvent);
}

const arrive = (file: string, count = 1) =>
  vi.waitFor(() => expect(eventsIn(file).length).toBeGreaterThanOrEqual(count), WITHIN);

test('a sink that is exchanged takes over in the middle of a life, and no number is missing', async () => {
  await start(config({ file: 'a' }));
  await arrive('a');
  expect(await reload(config({ file: 'b' }))).toEqual(['sinks']);
  await arrive('b');
  const events = [...eventsIn('a'), ...eventsIn('b')];
  expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, i) => i));
  expect(events.flatMap(({ reason }) => reason)).not.toContain('stopped');
});

test('another model ends what is open, and all goes on with it as a new run', async () => {
  const running = await start(config());
  await arrive('a');
  expect(await reload(config({ model: 'engine: wasm, processes: 1' }))).toEqual(['model']);
  const runs = () => [...Map.groupBy(eventsIn('a'), ({ run }) => run).values()];
  await vi.waitFor(() => expect(runs()).toHaveLength(2), WITHIN);
  const [first = [], second = []] = runs();
  expect(first.filter(({ type }) => type === 'new')).toHaveLength(
    first.filter(({ type }) => type === 'end').length,
  );
  expect(first.at(-1)?.reason).toEqual(['stopped']);
  expect(second[0]).toMatchObject({ stream_seq: 0, type: 'new' });
  const isOver = await Promise.race([running.finished.then(() => true), Promise.resolve(false)]);
  expect(isOver).toBe(false);
});

test('a model that does not load, or a file with mistakes, is told, and all goes on as it was', async () => {
  await start(config());
  await arrive('a');
  await expect(reload(config({ model: 'path: nowhere' }))).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  await expect(reload(new Error('3 mistakes'))).rejects.toThrow('3 mistakes');
  expect(errors).toHaveLength(2);
  expect(errors[1]).toContain('the last good one goes on: 3 mistakes');
  await arrive('a', eventsIn('a').length + 1);
  expect(eventsIn('a').flatMap(({ reason }) => reason)).not.toContain('stopped');
  expect(await reload(config())).toEqual([]);
});

test('a gateway whose last live camera goes ends, with the file that was read to its end', async () => {
  const short = join(folder, 'short.mp4');
  await runFfmpeg(['-loglevel', 'error', '-i', CLIP, '-t', '3', '-c', 'copy', short]);
  const once = `clip: { source: ${JSON.stringify(short)} }`;
  const running = await start(config({ cameras: `${once}\n  drive: ${LOOPED}` }));
  const ofDrive = () => eventsIn('a').filter(({ camera }) => camera === 'drive');
  await vi.waitFor(() => expect(ofDrive()).not.toEqual([]), WITHIN);
  expect(await reload(config({ cameras: once }))).toEqual(['cameras.drive']);
  await vi.waitFor(() => expect(ofDrive().at(-1)?.reason).toEqual(['stopped']), WITHIN);
  await running.finished;
  expect(eventsIn('a').flatMap(({ camera, reason }) => (camera === 'clip' ? reason : []))).not.toContain(
    'stopped',
  );
});

test('a camera that comes while the last file ends is started, and the gateway goes on for it', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const short = join(folder, 'short.mp4');
  await runFfmpeg(['-loglevel', 'error', '-i', CLIP, '-t', '1', '-c', 'copy', short]);
  const clip = `clip: { source: ${JSON.stringify(short)} }`;
  const withCameras = (cameras: string) =>
    parseConfig(`mqtt: { url: "${broker.url}" }\ncameras:\n  ${cameras}\n`, {
      ...{ name: 'test', folder, environment: {} },
    });
  const { promise: read, resolve: setRead } = Promise.withResolvers<LoadedConfig>();
  gateway = await startGateway({ loaded: withCameras(clip), log: silentLog, reread: () => read });
  const isTold = (camera: string, word: string) =>
    broker.waitFor(
      ({ topic, payload }) => topic === `falconet/camera/${camera}/state` && payload.includes(word),
      20_000,
    );
  const reloading = gateway.reload();
  await isTold('clip', 'end-of-file');
  setRead(withCameras(`${clip}\n  drive: ${LOOPED}`));
  expect(await reloading).toEqual(['cameras.drive']);
  await isTold('drive', 'online');
});

test('closed in the middle of a reload, it leaves no child', async () => {
  const running = await start(config());
  const reloading = reload(config({ model: 'engine: wasm, processes: 2' }));
  await vi.waitFor(() => expect(reads).toBe(1), WITHIN);
  await running.close();
  expect(await reloading).toEqual(['model']);
  expect(await running.reload()).toEqual([]);
  await running.finished;
  const below = processesBelow()?.filter(({ commandLine }) =>
    /ffmpeg|engine-process/.test(commandLine.join(' ')),
  );
  expect(below ?? []).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { HandleMaker } from '../../nodes/lib/frame-handle.ts';
import { clipPlan } from '../../src/cli/replay/clip-plan.ts';
import { loadConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { parseRecording, playRecording, type Recording } from '../../src/pipeline/recording.ts';
import { startReplay } from '../../src/pipeline/replay.ts';
import { frameMeter } from '../../src/streams/meter.ts';
import { falconet } from '../helpers/falconet.ts';
import { GOLDEN_CLIPS, type GoldenClip, goldenFolder, NO_FFMPEG } from '../helpers/golden.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { debug, EMPTY } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

vi.setConfig({ testTimeout: 120_000 });

const START_MS = Date.UTC(2026, 0, 1);
let red: TestNodeRed;

beforeAll(async () => {
  red = await startNodeRed();
});

afterAll(async () => {
  await red.close();
});

/** What a detector saw in whole frames: Node-RED has no squares. */
function recordingOf(clip: GoldenClip): Recording {
  const name = join(goldenFolder(clip), 'detections.jsonl');
  const { head, looks } = parseRecording(readFileSync(name, 'utf8'), name);
  return { head, looks: looks.map(({ squares: _, ...look }) => look) };
}

/** What the daemon's pipeline makes of it. */
async function eventsOf(configPath: string, recording: Recording): Promise<FalconetEvent[]> {
  const loaded = await loadConfig(configPath);
  const playback = playRecording(recording);
  const events: FalconetEvent[] = [];
  const { finished } = startReplay({
    playback,
    detector: playback.detector,
    gateway: loaded.config.gateway,
    plan: clipPlan(loaded, { clip: 'recorded' }),
    ffmpeg: NO_FFMPEG,
    startMs: START_MS,
    secrets: [],
    log: silentLog,
    onDelivery: ({ event }) => events.push(event),
  });
  await finished;
  return events;
}

/** What *track* makes of it in Node-RED. */
async function eventsInNodeRed(
  flow: readonly FlowNode[],
  { head, looks }: Recording,
): Promise<FalconetEvent[]> {
  await red.deploy(EMPTY);
  red.forget();
  await red.deploy([...flow.map(withoutCamera), { ...debug('events'), z: flow[0]?.id }]);
  const track = idOf(flow, 'falconet-track');
  const camera = String(flow.find(({ type }) => type === 'falconet-camera')?.['name']);
  const { createHandleMaker } = red.module('nodes/lib/frame-handle.js') as {
    createHandleMaker(): HandleMaker;
  };
  const handles = createHandleMaker();
  handles.begin({ meter: frameMeter({ camera, log: silentLog }) });
  let sent = 0;
  const send = async (msg: object): Promise<void> => {
    red.send(track, { ...msg });
    sent++;
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === track).length === sent,
    );
  };
  for (const { seq, pts, detections } of looks) {
    const at = { camera, seq, pts, wallTime: Math.round(START_MS + pts), ...head.frame };
    const frame = handles.handle({ ...at, format: 'rgb24', data: new Uint8Array(0), release() {} }, true);
    const payload = detections.filter(({ score }) => score >= 0.4);
    const weak = detections.filter(({ score }) => score < 0.4);
    await send({ frame, payload, weak, detector: { model: head.model, engine: head.engine } });
  }
  const since = new Date().toISOString();
  await send({ payload: { camera, state: 'offline', reason: 'end-of-file', since } });
  await red.deploy(EMPTY);
  handles.close();
  return red.deliveries.all
    .filter(({ to }) => to === 'events')
    .map(({ msg }) => msg['payload'] as FalconetEvent);
}

function idOf(flow: readonly FlowNode[], type: string): string {
  return flow.find((node) => node.type === type)?.id ?? '';
}

/** Frames come from the recording, and the events are heard. */
function withoutCamera(node: FlowNode): FlowNode {
  if (node.type === 'falconet-camera-in') return { ...node, autostart: false };
  return node.type === 'falconet-track' ? { ...node, wires: [['events'], []] } : node;
}

/** Without what differs from run to run; what the end of the clip ends has the time at which that was noticed. */
function plain({ run: _, latency_ms, late_s, ...event }: FalconetEvent): object {
  return event.reason.includes('end-of-file') ? { ...event, time: '', end: '' } : event;
}

test.each(GOLDEN_CLIPS)(
  '%s: a configuration, the flow of it and the configuration of that give the same events',
  async (clip) => {
    const config = join(goldenFolder(clip), 'falconet.yaml');
    const recording = recordingOf(clip);
    const wanted = (await eventsOf(config, recording)).map(plain);
    expect(wanted.length).toBeGreaterThan(1);

    const imported = await falconet(['import', config]);
    expect(imported).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('motion: the nodes look at every frame'),
    });
    const flow = JSON.parse(imported.stdout) as FlowNode[];
    const inNodeRed = (await eventsInNodeRed(flow, recording)).map(plain);
    expect(inNodeRed).toEqual(wanted);

    const folder = tempFolder();
    await writeFile(join(folder, 'flow.json'), imported.stdout);
    const exported = await falconet(['export', join(folder, 'flow.json')]);
    expect(exported).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('events go nowhere') });
    await writeFile(join(folder, 'falconet.yaml'), exported.stdout);
    expect((await eventsOf(join(folder, 'falconet.yaml'), recording)).map(plain)).toEqual(wanted);
  },
);

test.each([
  { name: 'import', args: ['import', 'no-such.yaml'], says: 'no-such.yaml' },
  { name: 'export', args: ['export', 'no-such.json'], says: 'no-such.json' },
  { name: 'export of something else', args: ['export', 'package.json'], says: 'expected a list of nodes' },
])('$name says what is wrong and ends with 2', async ({ args, says }) => {
  const { exitCode, stderr, stdout } = await falconet(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(says);
});

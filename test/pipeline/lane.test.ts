import { beforeEach, expect, test } from 'vitest';
import type { CameraState } from '../../src/core/camera-state.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Frame } from '../../src/core/frame.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Delivery } from '../../src/core/sink.ts';
import type { Tally } from '../../src/core/tally.ts';
import { cameraLane, type Lane, type LaneOptions, type Seen } from '../../src/pipeline/lane.ts';
import { frameMeter } from '../../src/streams/meter.ts';

const PERSON: Detection = { label: 'person', score: 0.9, box: [0.4, 0.3, 0.2, 0.5] };
const WHOLE = { x: 0, y: 0, width: 64, height: 36 };
const SEEN: Seen = { detections: [PERSON], look: { why: 'always', squares: [WHOLE] }, detectMs: 1 };
const OFFLINE: CameraState = { camera: 'drive', state: 'offline', reason: 'timed-out', since: 0 };

let now: number;
let seq: number;
let held: number;
let sent: Delivery[];
let states: string[];
beforeEach(() => {
  now = 1_000_000;
  seq = 0;
  held = 0;
  sent = [];
  states = [];
});

function open(options: Partial<LaneOptions> = {}): Lane {
  const clock = { now: () => now };
  return cameraLane({
    camera: 'drive',
    gateway: 'home',
    run: 'run1',
    detector: {
      model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
      engine: { name: 'onnx', version: '1' },
    },
    sinks: [
      {
        push: (delivery) => void sent.push(delivery),
        state: ({ state, reason }) => void states.push(`${state} ${reason}`),
      },
    ],
    meter: frameMeter({ camera: 'drive', log: silentLog, clock }),
    clock,
    log: silentLog,
    ...options,
  });
}

/** The next frame of a camera of 5 fps. */
function frame(): Frame {
  held++;
  now += 200;
  const data = new Uint8Array(64 * 36 * 3);
  const release = (): void => void held--;
  return {
    camera: 'drive',
    seq: seq++,
    pts: seq * 200,
    wallTime: now,
    width: 64,
    height: 36,
    format: 'rgb24',
    data,
    release,
  };
}

/** Shows a person in so many frames, without waiting for what is sent of them. */
function show(lane: Lane, frames: number): Promise<void>[] {
  return Array.from({ length: frames }, () => {
    const shown = frame();
    lane.accept(shown);
    return lane.look(shown, SEEN);
  });
}

const told = (): string[] =>
  sent.map(({ event }) => `${event.type} ${event.stream_seq} ${event.reason.join()}`);

test('an end never overtakes the new whose picture is still being encoded', async () => {
  const lane = open();
  const looks = show(lane, 5);
  await lane.close();
  expect(told()).toEqual(['new 0 confirmed', 'end 1 stopped']);
  expect(sent[0]?.image?.length).toBeGreaterThan(0);
  await Promise.all(looks);
  expect(held).toBe(0);
});

test('a lane that takes over counts on where the one before stopped', async () => {
  const first = open();
  await Promise.all([...show(first, 5), first.close()]);
  const second = open({ streamSeq: first.streamSeq });
  await Promise.all([...show(second, 5), second.close()]);
  expect(sent.map(({ event }) => event.stream_seq)).toEqual([0, 1, 2, 3]);
  expect(new Set(sent.map(({ event }) => event.id)).size).toBe(2);
});

test('a source that is lost ends what is open, and says so; frames that come back later start nothing', async () => {
  const lane = open();
  await Promise.all(show(lane, 5));
  lane.setState(OFFLINE);
  await lane.close();
  await Promise.all(show(lane, 5));
  expect(told()).toEqual(['new 0 confirmed', 'end 1 source-lost']);
  expect(states).toEqual(['offline timed-out']);
  expect(held).toBe(0);
});

test('a frame that was in the engine when its source was lost shows nobody: what parks is counted no more', async () => {
  const tallies: (number | undefined)[] = [];
  const sink = {
    push: (delivery: Delivery) => void sent.push(delivery),
    state() {},
    tally: (_: string, tally?: Tally) => void tallies.push(tally?.counts['person']),
  };
  const lane = open({ sinks: [sink] });
  await Promise.all(show(lane, 60)); // it stands by now, and would be known again
  const late = frame();
  lane.accept(late);
  lane.setState(OFFLINE);
  await lane.look(late, SEEN);
  expect(tallies.at(-1)).toBe(0);
  expect(lane.tracks).toEqual([]);
  expect(held).toBe(0);
  lane.setState({ ...OFFLINE, state: 'online', reason: 'frames' });
  await Promise.all(show(lane, 1));
  expect(tallies.at(-1)).toBe(1);
  await lane.close();
});

test('the end of a file waits for its last frames', async () => {
  const lane = open();
  const last = frame();
  await Promise.all(show(lane, 5));
  lane.accept(last);
  lane.sourceEnded();
  expect(told()).toEqual(['new 0 confirmed']);
  await lane.look(last, SEEN);
  await lane.close();
  expect(told()).toEqual(['new 0 confirmed', 'end 1 end-of-file']);
});

test('a frame that cannot be judged is given back, counted, and told; the next one is judged', async () => {
  const told: string[] = [];
  const log = {
    ...silentLog,
    error: (facts: object, sentence: string) => told.push(sentence + JSON.stringify(facts)),
  };
  const meter = frameMeter({ camera: 'drive', log: silentLog });
  const onFrame = (): never => {
    throw new TypeError('the view is gone');
  };
  const lane = open({ log, meter, onFrame });
  for (const _ of [1, 2, 3]) {
    const next = frame();
    lane.accept(next);
    await lane.look(next, SEEN);
  }
  expect(held).toBe(0);
  expect(meter.totals).toEqual({ came: 0, looked: 0, dropped: { failed: 3 } });
  expect(told[0]).toBe('a frame could not be judged{"camera":"drive","error":"the view is gone"}');
  expect(sent.map(({ event }) => event.type)).toEqual(['new']);
});

test('a frame that comes back after its camera was stopped is shown to nobody: a mask may hide it by now', async () => {
  const shown: number[] = [];
  const lane = open({ onShown: ({ seq: number }) => void shown.push(number) });
  await Promise.all(show(lane, 2));
  const [quiet, late] = [frame(), frame()];
  lane.accept(quiet);
  lane.accept(late);
  const looking = lane.look(late, SEEN); // its event's picture is being made
  await lane.close();
  lane.drop(quiet, 'gated');
  await looking;
  expect(sent.map(({ event }) => event.type)).toContain('new');
  expect(shown).toEqual([0, 1]);
  expect(held).toBe(0);
});

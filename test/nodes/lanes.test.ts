import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createHandleMaker, type HandleMaker } from '../../nodes/lib/frame-handle.ts';
import type { SeenFrame } from '../../nodes/lib/io.ts';
import { Shared } from '../../nodes/lib/shared.ts';
import { trackedMessage } from '../../nodes/lib/shown-frame.ts';
import { stateMessage, tallyMessage } from '../../nodes/lib/told.ts';
import { type Lanes, openLanes } from '../../nodes/track/lanes.ts';
import type { CameraState, StateReport } from '../../src/core/camera-state.ts';
import type { ShownTrack } from '../../src/core/dashboard.ts';
import type { Detection } from '../../src/core/detection.ts';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Tally } from '../../src/core/tally.ts';
import { journalIn } from '../../src/sinks/store/journal.ts';
import { keepIn } from '../../src/sinks/store/keep.ts';
import { scoped } from '../../src/sinks/store/scoped.ts';
import { openStore, type Store } from '../../src/sinks/store/store.ts';
import { type FrameMeter, frameMeter } from '../../src/streams/meter.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const MODEL = { name: 'tiny-ssd', sha256: 'ab'.repeat(32) };
const DETECTOR = { model: MODEL, engine: { name: 'onnx', version: '1' } } as const;

const START = Date.now();

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function storeAt(path: string): Promise<Store> {
  const store = await openStore({ path, log: silentLog });
  opened.push(store);
  return store;
}

function lanesOn(store: Store | undefined, name = 'track a', rules: object = {}) {
  const own = store && scoped(store, name);
  const events: FalconetEvent[] = [];
  const states: StateReport[] = [];
  const tallies: (Tally | undefined)[] = [];
  const lanes = openLanes({
    gateway: 'home',
    rules,
    memory: own && { journal: journalIn(own), keep: keepIn(own) },
    outlet: {
      push: ({ event }) => void events.push(event),
      state: (report) => void states.push(report),
      tally: (_camera, tally) => void tallies.push(tally),
    },
    log: silentLog,
  });
  opened.push({ close: () => lanes.close(true) });
  return { lanes, events, states, tallies };
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const PERSON: readonly Detection[] = [{ label: 'person', score: 0.9, box: [0.4, 0.3, 0.1, 0.4] }];

/** A frame of a grey picture, as *detect* passes it on. */
function seenIn(
  handles: HandleMaker,
  detections: readonly Detection[],
  seq = 0,
  camera = 'drive',
): SeenFrame {
  const frame = handles.handle(
    {
      ...{ camera, seq, pts: seq * 200, wallTime: START + seq * 200, width: 64, height: 36 },
      ...{ format: 'rgb24', data: new Uint8Array(64 * 36 * 3).fill(100), release() {} },
    },
    false,
  );
  return { frame, detections, detector: DETECTOR };
}

/** A person that stands there for five frames: enough for an event. */
async function person(lanes: Lanes, handles: HandleMaker, camera = 'drive') {
  for (let seq = 0; seq < 5; seq++) await lanes.look(seenIn(handles, PERSON, seq, camera));
}

function handleMaker(meter = frameMeter({ camera: 'drive', log: silentLog })): HandleMaker {
  const handles = createHandleMaker();
  handles.begin({ meter });
  opened.push(handles);
  return handles;
}

test('an event that was open when Node-RED crashed has its one end after the next start', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const before = await storeAt(path);
  const first = lanesOn(before);
  await person(first.lanes, handleMaker());
  expect(first.events.map(({ type }) => type)).toEqual(['new']);
  await before.close(); // nobody ended the lanes: a crash

  const after = await storeAt(path);
  const again = lanesOn(after);
  const [end] = again.events;
  expect(again.events).toHaveLength(1);
  expect(end).toMatchObject({ id: first.events[0]?.id, type: 'end', reason: ['restart'], seq: 1 });

  await after.close();
  expect(lanesOn(await storeAt(path)).events).toEqual([]);
});

test('an event that is open when its flow is stopped, which delivers nothing more, has its one end after the next start', async () => {
  const store = await storeAt(join(tempFolder(), 'falconet.db'));
  const first = lanesOn(store);
  await person(first.lanes, handleMaker());
  await first.lanes.close(false);
  expect(first.events.map(({ type }) => type)).toEqual(['new']);

  const again = lanesOn(store);
  expect(again.events).toMatchObject([{ id: first.events[0]?.id, type: 'end', stream_seq: 1 }]);
  expect(lanesOn(store).events).toEqual([]);
});

test('a track that is deleted ends its events at once, and no start after it does', async () => {
  const store = await storeAt(join(tempFolder(), 'falconet.db'));
  const first = lanesOn(store);
  await person(first.lanes, handleMaker());
  await first.lanes.close(true);
  expect(first.events.map(({ type }) => type)).toEqual(['new', 'end']);
  expect(lanesOn(store).events).toEqual([]);
});

test('two tracks of one gateway end their own events, and no others', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const before = await storeAt(path);
  const [a, b] = [lanesOn(before, 'track a'), lanesOn(before, 'track b')];
  await person(a.lanes, handleMaker(), 'drive');
  await person(b.lanes, handleMaker(), 'shed');
  await before.close();

  const store = await storeAt(path);
  expect(lanesOn(store, 'track b').events.map(({ camera }) => camera)).toEqual(['shed']);
  expect(lanesOn(store, 'track a').events.map(({ camera }) => camera)).toEqual(['drive']);
});

test('without a gateway nothing is kept, and events go out all the same', async () => {
  const { lanes, events } = lanesOn(undefined);
  await person(lanes, handleMaker());
  await lanes.close(false);
  expect(events.map(({ type }) => type)).toEqual(['new', 'end']);
});

const ONLINE: CameraState = { camera: 'drive', state: 'online', reason: 'frames', since: START - 5_000 };

test('a camera is told of with its figures and counts from its first frame on, and every 30 s', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  opened.push({ close: () => vi.useRealTimers() });
  const { lanes, states, tallies } = lanesOn(undefined, 'track a', { labels: { person: {} } });
  const handles = handleMaker();
  lanes.hear({ ...ONLINE, state: 'connecting', reason: 'starting' });
  lanes.hear(ONLINE);
  expect(tallies).toEqual([]);

  await lanes.look(seenIn(handles, []));
  expect(tallies.at(-1)).toMatchObject({ counts: { person: 0 } });
  expect(states).toHaveLength(3);
  vi.advanceTimersByTime(30_000);
  expect(states).toHaveLength(4);
  expect(states[3]).toMatchObject({ ...ONLINE, frames: { looked: 1 } });
});

test('a camera whose states went by before track was there is told of as online', async () => {
  const { lanes, states } = lanesOn(undefined);
  await lanes.look(seenIn(handleMaker(), []));
  expect(states).toMatchObject([{ camera: 'drive', state: 'online', reason: 'frames', since: START }]);
});

test('what came and what was dropped on the way is told with what was looked at, of the reading that goes on', async () => {
  const { lanes, states } = lanesOn(undefined);
  const meters = [0, 1].map(() => frameMeter({ camera: 'drive', log: silentLog }));
  const [first, second] = meters as [FrameMeter, FrameMeter];
  const handles = handleMaker(first);
  for (let n = 0; n < 5; n++) first.came();
  first.drop('busy', 2);
  first.drop('late');
  await lanes.look(seenIn(handles, [], 0));
  await lanes.look(seenIn(handles, [], 1));
  lanes.hear(ONLINE);
  const frames = { came: 5, looked: 2, dropped: { busy: 2, late: 1 } };
  expect(states.at(-1)).toMatchObject({ frames });

  handles.begin({ meter: second }); // without a word in between
  second.came();
  await lanes.look(seenIn(handles, [], 2));
  lanes.hear(ONLINE);
  expect(states.at(-1)?.frames).toEqual({ came: 1, looked: 1, dropped: {} });
});

/** As a careless function does it: in place. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const record = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(record)) {
    if (typeof inner === 'number') record[key] = -1;
    else spoil(inner);
  }
}

test('a function that scales what track sends in place changes no rule, no track and no later message', async () => {
  const rules = { zones: { all: { polygon: CORNERS } }, lines: { kerb: { from: [0, 0.5], to: [1, 0.5] } } };
  const frames: { payload: ShownTrack[]; shapes: object }[] = [];
  const tallies: object[] = [];
  const events: FalconetEvent[] = [];
  const lanes = openLanes({
    gateway: 'home',
    rules,
    memory: undefined,
    onTracked(tracked) {
      const { payload, shapes } = trackedMessage(tracked);
      frames.push(structuredClone({ payload, shapes }) as (typeof frames)[0]);
      spoil(payload);
      spoil(shapes);
    },
    outlet: {
      push: ({ event }) => void events.push(event),
      state: (report) => spoil(stateMessage(report).payload),
      tally(camera, tally) {
        const { payload } = tallyMessage(camera, tally);
        tallies.push(structuredClone(payload) as object);
        spoil(payload);
      },
    },
    log: silentLog,
  });
  opened.push({ close: () => lanes.close(true) });
  await person(lanes, handleMaker());
  lanes.hear({ ...ONLINE, reason: 'frames' });
  expect(frames.at(-1)).toMatchObject({
    payload: [{ label: 'person', box: PERSON[0]?.box }],
    shapes: { zones: [{ polygon: CORNERS }], lines: [{ from: [0, 0.5], to: [1, 0.5] }] },
  });
  expect(JSON.stringify([frames, tallies, events[0]?.track.path])).not.toContain('-1');
  expect(tallies.at(-1)).toMatchObject({ tally: { counts: { person: 1 } } });
});

test('a frame that was under way when its camera was stopped does not bring the camera back', async () => {
  const { lanes, states } = lanesOn(undefined);
  const handles = handleMaker();
  await person(lanes, handles);
  const late = seenIn(handles, PERSON, 5);
  handles.end();
  lanes.hear({ ...ONLINE, state: 'offline', reason: 'stopped' });
  await lanes.look(late);
  expect(states.at(-1)).toMatchObject({ state: 'offline', reason: 'stopped' });
});

test('what is shared is opened for the first who asks, closed with the last, and never twice at once', async () => {
  const log: string[] = [];
  const shared = new Shared(async () => {
    log.push('open');
    return { close: async () => void log.push('close') };
  });
  const [one, two] = await Promise.all([shared.acquire(), shared.acquire()]);
  expect(one).toBe(two);
  await shared.release();
  const leaving = shared.release();
  await shared.acquire();
  await leaving;
  await shared.release();
  expect(log).toEqual(['open', 'close', 'open', 'close']);
});

import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Delivery, Sink } from '../../src/core/sink.ts';
import { outboxesIn } from '../../src/sinks/outbox.ts';
import { queued } from '../../src/sinks/queue.ts';
import type { Answer, Entry, Kept } from '../../src/sinks/store/messages.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import type { StoreThread } from '../../src/sinks/store/store-thread.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

afterEach(() => void vi.useRealTimers());

function recorder() {
  const lines: string[] = [];
  const write = (_: object, sentence: string) => void lines.push(sentence);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

async function openAt(path: string) {
  const { lines, log } = recorder();
  const store = await openStore({ path, log });
  onTestFinished(() => store.close());
  return { store, lines, outboxOf: outboxesIn(store, { log }) };
}

test('what a sink did not get is there after a restart, in order, with its picture, for that sink only', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  const image = anImage();
  const mqtt = first.outboxOf('mqtt');
  const held = [
    mqtt.hold({ event: anEvent({ seq: 0, image }), image: new Uint8Array([1, 2, 3]) }),
    mqtt.hold({ event: anEvent({ seq: 1 }) }),
    mqtt.hold({ event: anEvent({ seq: 2 }) }),
  ];
  await first.outboxOf('file a b').hold({ event: anEvent({ seq: 7 }) }).kept;
  mqtt.release(held.slice(1, 2));
  await first.store.close();

  const second = await openAt(path);
  const left = second.outboxOf('mqtt').left(true);
  expect(left.map(({ event }) => event)).toEqual([anEvent({ seq: 0, image }), anEvent({ seq: 2 })]);
  expect(left.map((one) => one.image)).toEqual([new Uint8Array([1, 2, 3]), undefined]);
  expect(second.outboxOf('file a b').left(true)).toHaveLength(1);
  expect(second.outboxOf('file a').left(true)).toEqual([]);
});

test('what was kept leaves nothing behind: a gateway of months remembers none of its commits', async () => {
  const { outboxOf } = await openAt(join(tempFolder(), 'falconet.db'));
  const mqtt = outboxOf('mqtt');
  for (let seq = 0; seq < 5; seq++) {
    const held = mqtt.hold({ event: anEvent({ seq }) });
    expect(await held.kept).toBeUndefined();
    mqtt.release([held]);
  }
});

test('what is held later comes later, after a restart too, although the clock was set back', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  await first.outboxOf('mqtt').hold({ event: anEvent({ seq: 0 }) }).kept;
  await first.store.close();
  vi.spyOn(Date, 'now').mockReturnValue(1_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const second = await openAt(path);
  await second.outboxOf('mqtt').hold({ event: anEvent({ seq: 1 }) }).kept;
  await second.store.close();
  const third = await openAt(path);
  const left = third.outboxOf('mqtt').left(true);
  expect(left.map(({ event }) => event.seq)).toEqual([0, 1]);
});

test('an event whose picture is gone says so, one that cannot be read goes and is told', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  await first.store.put([
    { kind: 'outbox', key: 'mqtt 0000000000000001', value: JSON.stringify(anEvent({ image: anImage() })) },
    { kind: 'outbox', key: 'mqtt 0000000000000002', value: '{"schema":"falconet/event/9"}' },
    { kind: 'outbox', key: 'mqtt 0000000000000003', value: 'not even JSON' },
  ]);
  await first.store.close();
  const { store, lines, outboxOf } = await openAt(path);
  expect(
    outboxOf('mqtt')
      .left(true)
      .map(({ event }) => event.image),
  ).toEqual([null]);
  expect(lines).toEqual(['mqtt: what another version left cannot be read, and goes']);
  expect([...store.all('outbox').keys()]).toEqual(['mqtt 0000000000000001']);
});

test('a sink without a place for pictures keeps none waiting, and its events tell the same after a restart', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  const away: Sink = { name: 'webhook', write: () => new Promise(() => {}), close: async () => {} };
  const limits = { takesPictures: false, limitBytes: 100_000, log: silentLog };
  const queue = queued(away, { ...limits, outbox: first.outboxOf('webhook') });
  const event = anEvent({ image: anImage() });
  for (let seq = 0; seq < 10; seq++) {
    queue.push({ event: { ...event, id: `${event.id}${seq}` }, image: new Uint8Array(60_000) });
  }
  await vi.waitFor(() => expect(first.store.all('outbox').size).toBe(10), 10_000);
  expect(queue.dropped).toBe(0);
  await first.store.close();
  const left = (await openAt(path)).outboxOf('webhook').left(false);
  expect(left.map(({ event: { image }, image: bytes }) => [image, bytes])).toEqual(
    Array.from({ length: 10 }, () => [anImage(), undefined]),
  );
  await queue.close();
});

test('age counts from before the restart, and from when each came, however long the gateway had run', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const now = vi.spyOn(Date, 'now');
  onTestFinished(() => void now.mockRestore());
  const start = Date.now();
  const first = await openAt(path);
  const outbox = first.outboxOf('mqtt');
  const HOUR_MS = 3_600_000;
  for (const hours of [72, 73]) {
    now.mockReturnValue(start + hours * HOUR_MS);
    await outbox.hold({ event: anEvent() }).kept;
  }
  await first.store.close();
  now.mockReturnValue(start + 74 * HOUR_MS);
  const second = await openAt(path);
  const ages = second
    .outboxOf('mqtt')
    .left(true)
    .map(({ since }) => (performance.now() - since) / HOUR_MS);
  expect(ages).toEqual([expect.closeTo(2, 2), expect.closeTo(1, 2)]);
});

test('what waits for a sink that is configured no more goes when it is too old, told, and not before', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  await first.outboxOf('file old').hold({ event: anEvent() }).kept;
  await first.outboxOf('mqtt').hold({ event: anEvent() }).kept;
  await first.store.close();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const second = await openAt(path);
  second.outboxOf('mqtt');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(second.store.all('outbox').size).toBe(2);
  await second.store.close();

  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + 90_000_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const third = await openAt(path);
  third.outboxOf('mqtt');
  await vi.advanceTimersByTimeAsync(10_000);
  expect([...third.store.all('outbox').keys()]).toEqual([expect.stringMatching(/^mqtt /)]);
  expect(third.lines).toEqual(['events that waited for sinks which are configured no more are dropped']);
});

test('a life that was given up is so after a kill and a reload, too: no end comes without its new', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const got: string[] = [];
  const ofLife = (id: string, type: 'new' | 'end') => ({ event: anEvent({ id, type }) });
  const write = async ({ event: { id, type } }: Delivery) => void got.push(`${id} ${type}`);
  const hangs: Sink = { name: 'mqtt', write: () => new Promise(() => {}), close: async () => {} };
  const first = await openAt(path);
  const queue = queued(hangs, { outbox: first.outboxOf('mqtt'), limit: 1, log: silentLog });
  await turn();
  for (const id of ['a', 'b', 'c']) queue.push(ofLife(id, 'new'));
  expect(queue.dropped).toBe(1);
  await first.store.close();

  const second = await openAt(path);
  const outbox = second.outboxOf('mqtt');
  const next = queued({ name: 'mqtt', write, close: async () => {} }, { outbox, log: silentLog });
  for (const id of ['a', 'b', 'c']) next.push(ofLife(id, 'end'));
  await next.drain();
  expect(got).toEqual(['a new', 'c new', 'a end', 'c end']);
  expect(second.store.all('shed').size).toBe(0);
  await queue.close();
});

test('what is known of a life that was given up goes with the next start, where its end never comes', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  first.outboxOf('mqtt').shed.add('a');
  await first.store.close();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { store, outboxOf } = await openAt(path);
  const { shed } = outboxOf('mqtt');
  shed.add('b');
  expect(shed.has('a')).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([...store.all('shed').keys()]).toEqual(['mqtt b']);
});

test('a full data folder holds no event up, is told, and has all that waits once there is room', async (context) => {
  const disk = smallDisk(1_024) ?? skipFor(context, 'mounting a small disk needs root on Linux');
  onTestFinished(() => disk.remove());
  const path = join(disk.folder, 'falconet.db');
  const { store, lines, outboxOf } = await openAt(path);
  const got: number[] = [];
  const write = ({ event }: Delivery): Promise<void> => {
    got.push(event.seq);
    return new Promise(() => {}); // a broker that does not answer
  };
  const queue = queued(
    { name: 'mqtt', atOnce: 64, write, close: async () => {} },
    { outbox: outboxOf('mqtt'), log: silentLog },
  );
  const makeRoom = disk.fill();
  for (const seq of [0, 1, 2, 3])
    queue.push({ event: anEvent({ seq, image: anImage() }), image: new Uint8Array(30_000) });
  await vi.waitFor(() => expect(got).toEqual([0, 1, 2, 3]), 10_000);
  expect(lines).toEqual([expect.stringContaining('the store cannot be written: events go out')]);
  makeRoom();
  await vi.waitFor(() => expect(lines).toContain('the store is written again'), 10_000);
  await queue.close();
  await store.close();

  const left = (await openAt(path)).outboxOf('mqtt').left(true);
  expect(left.map(({ event, image }) => [event.seq, image?.byteLength])).toEqual(
    [0, 1, 2, 3].map((seq) => [seq, 30_000]),
  );
});

type Step =
  | { readonly what: 'push'; readonly camera: string }
  | { readonly what: 'fail' | 'kill'; readonly isWritten: boolean }
  | { readonly what: 'commit' | 'acknowledge' | 'go offline' | 'stop' };

const only = (what: 'commit' | 'acknowledge' | 'go offline' | 'stop') => fc.constant<Step>({ what });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant('push' as const), camera: fc.constantFrom('drive', 'yard') }),
  },
  { weight: 4, arbitrary: only('commit') },
  { weight: 4, arbitrary: only('acknowledge') },
  { weight: 1, arbitrary: only('go offline') },
  { weight: 1, arbitrary: only('stop') },
  // A disk that fails, or a process that is killed, has written or not what it was about to.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('fail' as const), isWritten: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('kill' as const), isWritten: fc.boolean() }) },
);

const nameOf = ({ event }: Delivery) => `${event.camera} ${event.stream_seq}`;

/** A sink that takes four at once and answers, in order, when it is told to. */
function slowSink(onWrite: (delivery: Delivery) => void) {
  const pending: { resolve(): void; reject(error: Error): void }[] = [];
  const goOffline = () => {
    for (const { reject } of pending.splice(0)) reject(new FalconetError('SINK_OFFLINE', 'gone'));
  };
  const sink: Sink = {
    name: 'mqtt',
    atOnce: 4,
    write(delivery) {
      onWrite(delivery);
      return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
    },
    close: async () => goOffline(),
  };
  return { sink, goOffline, acknowledge: () => pending.shift()?.resolve() };
}

/** A gateway's outbox from one process to the next, between a disk and a sink that do what a test says. */
async function aHouse() {
  const disk = fakeDisk();
  const pushed: string[] = [];
  const got: string[] = [];
  /** Sent before they were on disk, although that was well. */
  const early: string[] = [];
  /** Pushed while the disk failed: nobody waits for it then. */
  const unkept = new Set<string>();
  let processes = 0;
  const start = async () => {
    const own = ++processes;
    const store = await openStore({ path: '', log: silentLog, retryMs: 10, thread: disk.thread() });
    const slow = slowSink((delivery) => {
      if (own !== processes) return; // it was killed
      const name = nameOf(delivery);
      got.push(name);
      if (!unkept.has(name) && !disk.names().includes(name)) early.push(name);
    });
    const outbox = outboxesIn(store, { log: silentLog })('mqtt');
    return { ...slow, store, queue: queued(slow.sink, { outbox, retryMs: 10, log: silentLog }) };
  };
  let run = await start();

  function push(camera: string): void {
    const streamSeq = pushed.filter((name) => name.startsWith(camera)).length;
    const delivery = { event: anEvent({ camera, stream_seq: streamSeq, type: 'update' }) };
    pushed.push(nameOf(delivery));
    if (disk.isFailing) unkept.add(nameOf(delivery));
    run.queue.push(delivery);
  }
  async function stop(): Promise<void> {
    disk.commitAll(true);
    const stopped = run.queue.close().then(() => run.store.close());
    await vi.advanceTimersByTimeAsync(5_000);
    await stopped;
    disk.commitAll(false);
    run = await start();
  }
  function fail(isWritten: boolean): void {
    if (!disk.fail(isWritten)) return;
    for (const name of pushed) if (!disk.names().includes(name)) unkept.add(name);
  }
  async function kill(isWritten: boolean): Promise<void> {
    disk.kill(isWritten);
    run = await start();
  }
  /** All that is left is sent and acknowledged. */
  async function settle(): Promise<void> {
    disk.commitAll(true);
    for (let i = 0; run.queue.size > 0 && i < 1_000; i++) {
      run.acknowledge();
      await vi.advanceTimersByTimeAsync(25);
    }
    await vi.advanceTimersByTimeAsync(25);
  }
  const does = {
    commit: disk.commit,
    acknowledge: () => run.acknowledge(),
    'go offline': () => run.goOffline(),
    stop,
  };
  async function take(one: Step): Promise<void> {
    if (one.what === 'push') push(one.camera);
    else if (one.what === 'fail') fail(one.isWritten);
    else if (one.what === 'kill') await kill(one.isWritten);
    else await does[one.what]();
    await vi.advanceTimersByTimeAsync(25);
  }
  return { disk, got, early, take, settle };
}

test('whatever is pushed, acknowledged, killed and started again: what was on disk arrives, in order, and nothing is sent before it is there', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }), async (steps) => {
      const { disk, got, early, take, settle } = await aHouse();
      for (const one of steps) await take(one);
      await settle();
      expect(early).toEqual([]);
      expect(disk.everHad().filter((name) => !got.includes(name))).toEqual([]);
      expect(disk.names()).toEqual([]);
      for (const camera of ['drive', 'yard']) {
        const seqs = got.filter((name) => name.startsWith(camera)).map((name) => Number(name.split(' ')[1]));
        const firsts = [...new Set(seqs)];
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 200 },
  );
});

/** The thread of a store on a disk that writes when it is told to. */
function fakeDisk() {
  const rows = new Map<string, Kept>();
  const ever = new Set<string>();
  let asked: { readonly entries: readonly Entry[]; answer(answer: Answer): void } | undefined;
  let processes = 0;
  let isAuto = false;
  let isFailing = false;
  const nameIn = ({ value }: Kept) => nameOf({ event: JSON.parse(value) });

  function write(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.value === null) rows.delete(entry.key);
      else rows.set(entry.key, { ...entry, value: entry.value });
    }
    for (const row of rows.values()) ever.add(nameIn(row));
  }
  function commit(): void {
    if (asked === undefined) return;
    const { entries, answer } = asked;
    asked = undefined;
    write(entries);
    isFailing = false;
    answer({ kind: 'done' });
  }
  return {
    get isFailing() {
      return isFailing;
    },
    names: () => [...rows.values()].map(nameIn),
    everHad: () => [...ever],
    commit,
    /** From here on at once, or when it is told to again. */
    commitAll(isOn: boolean) {
      isAuto = isOn;
      if (isOn) commit();
    },
    /** Whether there was something to fail. */
    fail(isWritten: boolean): boolean {
      if (asked === undefined) return false;
      const { entries, answer } = asked;
      asked = undefined;
      if (isWritten) write(entries);
      isFailing = true;
      answer({ kind: 'failed', why: 'full' });
      return true;
    },
    kill(isWritten: boolean) {
      if (isWritten) write(asked?.entries ?? []);
      asked = undefined; // nobody is there for the answer
      isFailing = false;
    },
    /** Of a new process: that of the one before gets no answer any more. */
    thread(): StoreThread {
      const own = ++processes;
      return {
        ask(request) {
          if (own !== processes) return new Promise(() => {});
          if (request.ask === 'open') return Promise.resolve({ kind: 'opened', entries: [...rows.values()] });
          if (request.ask === 'close') return Promise.resolve({ kind: 'done' });
          const answered = new Promise<Answer>((answer) => {
            asked = { entries: request.entries, answer };
          });
          if (isAuto) commit();
          return answered;
        },
        end: async () => {},
      };
    },
  };
}

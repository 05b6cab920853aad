import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Detector, Square } from '../../src/core/detection.ts';
import { FalconetError } from '../../src/core/error.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { type DetectorOptions, openDetector } from '../../src/detector/pool.ts';
import { joinSquares, toPicture, withoutCut } from '../../src/detector/squares.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const model = await loadManifest('tiny-ssd');
const native = await import('onnxruntime-node').catch(() => undefined);
const engines = ['onnx', 'wasm'] as const;
const cat = picture('cat');
const whole = { x: 0, y: 0, width: 300, height: 300 };

describe.each(engines)('the engine %s', (engine) => {
  // npm leaves the optional onnxruntime-node out where it has no build.
  test.skipIf(engine === 'onnx' && native === undefined)('sees what the reference sees', async () => {
    const detector = await open({ engine });
    expect(detector.engine.version).toMatch(/^onnxruntime-(node|web) \d/);
    const names = ['cat', 'astronaut'];
    const found = await detector.detect(names.map((name) => ({ frame: picture(name) })));
    for (const [index, name] of names.entries()) {
      const seen = found[index]?.map(({ label, score, box }) => [label, ...[score, ...box].map(rounded)]);
      expect(seen).toEqual(reference(name).map(([label, ...numbers]) => [label, ...numbers.map(close)]));
    }
  });
});

test.skipIf(native === undefined)('int8 sees what float32 sees, hardly less sure', async () => {
  const detector = await open({ engine: 'onnx', precision: 'int8' });
  expect(detector.engine.version).toMatch(/ \(int8\)$/);
  const [[seen] = []] = await detector.detect([{ frame: cat }]);
  const [[label, score, ...box] = []] = reference('cat') as [[string, number, ...number[]]];
  expect(seen).toMatchObject({ label, score: expect.closeTo(score as number, 1) });
  for (const [index, side] of (seen?.box ?? []).entries()) expect(side).toBeCloseTo(box[index] as number, 1);
});

describe('a detector', () => {
  test('sees an object once when two squares show it', async () => {
    const detector = await open();
    const squares = [whole, { x: 4, y: 0, width: 290, height: 296 }];
    const [both] = await detector.detect([{ frame: cat, squares }]);
    const [one] = await detector.detect([{ frame: cat }]);
    expect(both?.map(({ label }) => label)).toEqual(['cat']);
    expect(one?.map(({ label }) => label)).toEqual(['cat']);
  });

  test('gives those who measure it what is below its floor, too', async () => {
    const detector = await open({ floor: 0.01 });
    const [seen = []] = await detector.detect([{ frame: cat }]);
    const weakest = Math.min(...seen.map(({ score }) => score));
    expect(weakest).toBeGreaterThanOrEqual(0.01);
    expect(weakest).toBeLessThan(model.floor);
  });

  test('places what a square shows in the whole picture', async () => {
    const detector = await open();
    const frame = pasted(cat, 640, 480, { x: 280, y: 90 });
    const square = { x: 220, y: 30, width: 420, height: 420 };
    const [[seen] = []] = await detector.detect([{ frame, squares: [square] }]);
    const [[alone] = []] = await detector.detect([{ frame: cutOut(frame, square) }]);
    const [x = 0, y = 0, width = 0, height = 0] = alone?.box ?? [];
    const expected = [220 + x * 420, 30 + y * 420, width * 420, height * 420];
    const [left = 0, top = 0, across = 0, down = 0] = seen?.box ?? [];
    expect(alone?.label).toBe('cat');
    expect(seen?.score).toBeCloseTo(alone?.score ?? 0, 5);
    for (const [index, pixels] of [left * 640, top * 480, across * 640, down * 480].entries()) {
      expect(pixels).toBeCloseTo(expected[index] ?? 0, 3);
    }
  });

  test('has nothing to say of no jobs and of no squares', async () => {
    const detector = await open();
    expect(await detector.detect([])).toEqual([]);
    expect(await detector.detect([{ frame: cat, squares: [] }])).toEqual([[]]);
  });

  test.each([
    { name: 'too few pixels', job: { frame: { ...cat, height: 301 } }, says: /length 270900 .* got 270000/ },
    { name: 'half a pixel', job: { frame: { ...cat, width: 299.5 } }, says: /whole sides/ },
    {
      name: 'a square over the edge',
      job: { frame: cat, squares: [{ ...whole, x: 1 }] },
      says: /within 300 x/,
    },
  ])('refuses $name at once, before anything crosses', async ({ job, says }) => {
    const detector = await open();
    const refused = expect(detector.detect([{ frame: cat }, job])).rejects;
    await refused.toThrow(TypeError);
    await expect(detector.detect([job])).rejects.toThrow(says);
  });

  test('looks at pictures again after its process was killed in the midst of a batch', async (context) => {
    const warn = vi.fn();
    const detector = await open({ log: { debug: warn, info: () => {}, warn, error: warn } });
    const [pid] = enginesBelow(process.pid) ?? context.skip('finding the process needs /proc');
    const squares = Array.from({ length: 40 }, () => whole);
    const batch = detector.detect([{ frame: cat, squares }]);
    process.kill(pid as number, 'SIGKILL');
    await expect(batch).rejects.toMatchObject({ code: 'ENGINE_ENDED', facts: { signal: 'SIGKILL' } });
    const [next] = await detector.detect([{ frame: cat }]);
    expect(next?.map(({ label }) => label)).toEqual(['cat']);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { waitMs: 100, deaths: 1 },
      expect.stringContaining('SIGKILL'),
    );
  });

  test('looks at pictures again after its process hung: it is killed and the loss told', async (context) => {
    const warn = vi.fn();
    const silent = () => {};
    const detector = await open({
      patienceMs: 200,
      log: { debug: silent, info: silent, warn, error: silent },
    });
    const [pid] = enginesBelow(process.pid) ?? context.skip('finding the process needs /proc');
    process.kill(pid as number, 'SIGSTOP');
    await expect(detector.detect([{ frame: cat }])).rejects.toMatchObject({
      code: 'ENGINE_ENDED',
      message: expect.stringContaining('the engine process was killed: no answer within 2200 ms'),
    });
    const [next] = await detector.detect([{ frame: cat }]);
    expect(next?.map(({ label }) => label)).toEqual(['cat']);
    expect(isAlive(pid as number)).toBe(false);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { waitMs: 100, deaths: 1 },
      'the engine process was killed: no answer within 2200 ms; it is started again',
    );
  });

  test('goes on with its other processes while one hangs, and with both afterwards', async (context) => {
    const detector = await open({ processes: 2, patienceMs: 200 });
    const [pid] = enginesBelow(process.pid) ?? context.skip('finding the processes needs /proc');
    process.kill(pid as number, 'SIGSTOP');
    const lots = await Promise.allSettled(Array.from({ length: 8 }, () => detector.detect([{ frame: cat }])));
    const lost = lots.filter(({ status }) => status === 'rejected');
    expect(lost).toHaveLength(2); // what one process may hold
    await vi.waitFor(() => expect(enginesBelow(process.pid)).toHaveLength(2), { timeout: 10_000 });
    expect(enginesBelow(process.pid)).not.toContain(pid);
  });

  test('sees of several squares of one picture what it sees of each cut out by hand', async () => {
    const detector = await open();
    const frame = pasted(cat, 640, 360, { x: 300, y: 60 });
    const squares = [
      { x: 0, y: 0, width: 640, height: 360 },
      { x: 300, y: 60, width: 300, height: 300 },
      { x: 280, y: 0, width: 360, height: 360 },
      { x: 301, y: 70, width: 250, height: 199 },
    ];
    const [together] = await detector.detect([{ frame, squares }]);
    const byHand = await detector.detect(squares.map((square) => ({ frame: cutOut(frame, square) })));
    const expected = joinSquares(
      squares.map((square, index) =>
        toPicture(withoutCut(byHand[index] ?? [], square, frame), square, frame),
      ),
      model.nmsIou,
    );
    expect(together?.length).toBeGreaterThan(0);
    expect(together?.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    for (const [index, { score, box }] of (together ?? []).entries()) {
      expect(score).toBeCloseTo(expected[index]?.score ?? 0, 4);
      for (const [side, value] of box.entries())
        expect(value).toBeCloseTo(expected[index]?.box[side] ?? 0, 4);
    }
  });

  test('leaves no process when it is closed, and may be closed twice', async (context) => {
    const detector = await open({ processes: 2 });
    if (enginesBelow(process.pid) === undefined) context.skip('counting processes needs /proc');
    expect(enginesBelow(process.pid)).toHaveLength(2);
    await Promise.all([detector.close(), detector.close()]);
    expect(enginesBelow(process.pid)).toEqual([]);
    await expect(detector.detect([{ frame: cat }])).rejects.toMatchObject({ code: 'ENGINE_ENDED' });
  });

  test('leaves no process behind when the gateway is killed', async (context) => {
    const pool = new URL('../../src/detector/pool.ts', import.meta.url).href;
    const manifest = new URL('../../src/detector/manifest.ts', import.meta.url).href;
    const script = `const { openDetector } = await import('${pool}');
      const { loadManifest } = await import('${manifest}');
      await openDetector({ model: await loadManifest('tiny-ssd') });
      console.log('ready');`;
    const gateway = spawn(process.execPath, ['--input-type=module', '-e', script]);
    onTestFinished(() => void gateway.kill('SIGKILL'));
    await once(gateway.stdout, 'data');
    const [pid] = enginesBelow(gateway.pid as number) ?? context.skip('finding the process needs /proc');
    gateway.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid as number)).toBe(false), { timeout: 20_000 });
  });

  test('tells in one sentence that no engine takes the model', async () => {
    const folder = tempFolder();
    cpSync(model.folder, folder, { recursive: true });
    const spoilt = await loadManifest(folder);
    for (const file of [spoilt.files.onnx, spoilt.files.wasm]) appendFileSync(file, 'rust');
    await expect(openDetector({ model: spoilt })).rejects.toMatchObject({
      code: 'ENGINE_NONE',
      message: expect.stringMatching(/^no engine could load tiny-ssd \(onnx: .*sha256.*wasm: [^\n]*$/),
    });
  });

  test('gives up, and says why, when a process dies and the model was exchanged meanwhile', async (context) => {
    const folder = tempFolder();
    cpSync(model.folder, folder, { recursive: true });
    const detector = await open({ model: await loadManifest(folder), engine: 'wasm' });
    const [pid] = enginesBelow(process.pid) ?? context.skip('finding the process needs /proc');
    appendFileSync(join(folder, 'tiny-ssd.onnx'), 'rust');
    process.kill(pid as number, 'SIGKILL');
    await detector.detect([{ frame: cat }]).catch(() => {}); // may have met the death itself
    await expect(detector.detect([{ frame: cat }])).rejects.toMatchObject({
      code: 'ENGINE_GONE',
      message: expect.stringMatching(/^the engine process died 5 times within a minute.*expected sha256/),
    });
    expect(enginesBelow(process.pid)).toEqual([]);
  });

  test('names the library to install for an engine that was asked for and does not load', async (context) => {
    const opened = await openDetector({ model, engine: 'tfjs' }).catch((error: unknown) => error);
    if (!(opened instanceof FalconetError)) {
      await (opened as Detector).close();
      return context.skip('the native part of tfjs-node is installed here');
    }
    expect(opened).toMatchObject({
      code: 'ENGINE_NONE',
      message: expect.stringContaining('tfjs: @tensorflow/tfjs-node'),
    });
    expect(opened.hint).toContain('@tensorflow/tfjs-node');
  });

  test('takes no fraction of a process', async () => {
    await expect(openDetector({ model, processes: 0.5 })).rejects.toThrow(TypeError);
  });
});

async function open(options: Partial<DetectorOptions> = {}): Promise<Detector> {
  // What is seen must not hang on the CPU that the tests run on.
  const detector = await openDetector({ model, precision: 'fp32', ...options });
  onTestFinished(() => detector.close());
  return detector;
}

/** Ids of the engine processes that `pid` has started; undefined where the system does not tell. */
function enginesBelow(pid: number): number[] | undefined {
  return processesBelow(pid)
    ?.filter(({ commandLine }) => commandLine.some((word) => word.includes('engine-process')))
    .map((info) => info.pid);
}

/** A killed process whose parent is gone may stay as a zombie where nobody reaps: that one is dead too. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // gone
  }
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/reference/${name}`, import.meta.url));
}

function picture(name: string) {
  return { width: 300, height: 300, data: new Uint8Array(fixture(`${name}.rgb`)) };
}

/** Label, score, x, y, width, height of each object that the reference shows, best first. */
function reference(name: string): [label: string, ...numbers: number[]][] {
  const { detections } = JSON.parse(fixture(`${name}.json`).toString()) as {
    detections: { label: string; score: number; corners: [number, number, number, number] }[];
  };
  return detections
    .toSorted((a, b) => b.score - a.score)
    .map(({ label, score, corners: [x, y, right, bottom] }) => [label, score, x, y, right - x, bottom - y]);
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}

/** Within 0.0005. */
function close(value: number) {
  return expect.closeTo(value, 3);
}

/** What `square` shows of a picture, as a picture of its own. */
function cutOut({ data, width }: typeof cat, square: Square) {
  const rows = Array.from({ length: square.height }, (_, row) => {
    const start = ((square.y + row) * width + square.x) * 3;
    return data.subarray(start, start + square.width * 3);
  });
  return { width: square.width, height: square.height, data: new Uint8Array(Buffer.concat(rows)) };
}

function pasted(small: typeof cat, width: number, height: number, at: { x: number; y: number }) {
  const data = new Uint8Array(width * height * 3).fill(90);
  for (let row = 0; row < small.height; row++) {
    const from = row * small.width * 3;
    data.set(small.data.subarray(from, from + small.width * 3), ((at.y + row) * width + at.x) * 3);
  }
  return { width, height, data };
}

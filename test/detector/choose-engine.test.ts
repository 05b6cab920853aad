import { describe, expect, test, vi } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import { silentLog } from '../../src/core/log.ts';
import { chooseEngine } from '../../src/detector/choose-engine.ts';
import type { EngineName } from '../../src/detector/engines/engine.ts';
import { clientOf, ready, stay } from './stand-in.ts';

/** Starts nothing but `only`; the others fail as a library that is not there does. */
function only(...names: EngineName[]) {
  return vi.fn((name: EngineName) => {
    if (names.includes(name)) return clientOf(ready + stay);
    const init = { hint: `Run: npm install ${name}` };
    return Promise.reject(new FalconetError('ENGINE_FAILED', `${name}\nis not installed`, init));
  });
}

describe('the choice of an engine', () => {
  test('takes the fastest that loads, says which, and why not the faster ones, in one line', async () => {
    const info = vi.fn();
    const log = { ...silentLog, info };
    const { engine } = await chooseEngine({ engine: 'auto', model: 'tiny-ssd', start: only('wasm'), log });
    expect(engine).toEqual({ name: 'wasm', version: 'stand-in 1' });
    expect(info.mock.calls.map(([, sentence]) => sentence)).toEqual([
      'tiny-ssd runs on stand-in 1 (onnx: onnx is not installed; tfjs: tfjs is not installed)',
    ]);
  });

  test('leaves the slower ones alone once one has loaded', async () => {
    const start = only('onnx', 'wasm');
    await chooseEngine({ engine: 'auto', model: 'tiny-ssd', start, log: silentLog });
    expect(start.mock.calls).toEqual([['onnx']]);
  });

  test('never takes another than the one asked for', async () => {
    const wish = { engine: 'tfjs', model: 'tiny-ssd', start: only('onnx', 'wasm'), log: silentLog } as const;
    await expect(chooseEngine(wish)).rejects.toMatchObject({
      code: 'ENGINE_NONE',
      hint: 'Run: npm install tfjs',
      facts: { engines: { tfjs: expect.stringContaining('not installed') } },
    });
  });

  test('lists every reason when none loads', async () => {
    const wish = { engine: 'auto', model: 'tiny-ssd', start: only(), log: silentLog } as const;
    await expect(chooseEngine(wish)).rejects.toMatchObject({
      code: 'ENGINE_NONE',
      message: expect.stringMatching(/onnx: .*tfjs: .*wasm: /),
    });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { parseRecording, playRecording } from '../../src/pipeline/recording.ts';
import { type ReplayOptions, startReplay } from '../../src/pipeline/replay.ts';
import { goldenFolder, NO_FFMPEG } from '../helpers/golden.ts';
import { expectWholeLives } from '../helpers/lives.ts';

const START = Date.parse('2026-11-24T08:00:00.000Z');

interface PlayOptions extends Partial<ReplayOptions> {
  /** Called before each frame is looked at, with its number from 1; what it throws, the engine does. */
  readonly onTurn?: (turn: number) => void;
}

/** The demo's recorded detections, played. */
function play({ onTurn = () => {}, ...changes }: PlayOptions = {}) {
  const file = join(goldenFolder('demo'), 'detections.jsonl');
  const playback = playRecording(parseRecording(readFileSync(file, 'utf8'), file));
  const events: FalconetEvent[] = [];
  let turn = 0;
  const replay = startReplay({
    playback,
    detector: {
      ...playback.detector,
      async detect(jobs) {
        onTurn(++turn);
        return playback.detector.detect(jobs);
      },
    },
    gateway: 'home',
    plan: {
      camera: 'room',
      source: { kind: 'file', path: file, pace: 'fast', loop: false },
      fps: 5,
    },
    ffmpeg: NO_FFMPEG,
    startMs: START,
    secrets: [],
    log: silentLog,
    onDelivery: ({ event }) => events.push(event),
    ...changes,
  });
  return { replay, events };
}

test('every frame is looked at, in order, at the time that the clip says', async () => {
  const times: number[] = [];
  const { replay } = play({ onLook: ({ pts }) => times.push(pts) });
  expect(await replay.finished).toEqual({ looks: 73, lost: 0, failed: false });
  expect(times).toEqual(Array.from({ length: 73 }, (_, i) => i * 200));
});

test('a frame that the engine loses is told: without it, the replay is not exact', async () => {
  const { replay } = play({
    onTurn(turn) {
      if (turn === 7) throw new FalconetError('ENGINE_ENDED', 'the engine died');
    },
  });
  expect(await replay.finished).toEqual({ looks: 72, lost: 1, failed: false });
});

test('an engine that is gone for good fails the replay, and what was open is ended', async () => {
  const { replay, events } = play({
    onTurn(turn) {
      if (turn === 20) throw new FalconetError('ENGINE_GONE', 'the engine stays down');
    },
  });
  expect(await replay.finished).toMatchObject({ looks: 19, failed: true });
  expect(expectWholeLives(events)).toBeGreaterThan(0);
});

test('who cannot take an event, its disk being full, hears of it; nothing else is given to it', async () => {
  let given = 0;
  const { replay } = play({
    onDelivery() {
      given++;
      throw new Error('no space left on device');
    },
  });
  await expect(replay.finished).rejects.toThrow('no space left on device');
  expect(given).toBe(1);
  await replay.close();
});

test('a replay that is stopped ends what is open, as the daemon does', async () => {
  const { replay, events } = play({
    onLook({ seq }) {
      if (seq === 20) void replay.close();
    },
  });
  expect(await replay.finished).toMatchObject({ lost: 0, failed: false });
  expect(expectWholeLives(events)).toBeGreaterThan(0);
  expect(events.at(-1)).toMatchObject({ type: 'end', reason: ['stopped'] });
});

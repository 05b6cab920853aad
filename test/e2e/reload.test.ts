import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { ffmpegOf } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 20_000, interval: 50 };

/** The last state of a camera that the broker keeps. */
function stateOf(broker: TestBroker, camera: string): unknown {
  const topic = `falconet/camera/${camera}/state`;
  const message = broker.messages.findLast((said) => said.topic === topic);
  return message === undefined ? undefined : JSON.parse(message.payload.toString());
}

function eventsOf(broker: TestBroker, camera: string): FalconetEvent[] {
  const own = broker.messages.filter(({ topic }) => topic === `falconet/camera/${camera}/event`);
  return own.map(({ payload }) => JSON.parse(payload.toString()) as FalconetEvent);
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test.skipIf(process.platform !== 'linux')(
  'SIGHUP touches only what changed: other cameras keep their ffmpeg, mistakes change nothing',
  async () => {
    const camera = await startRtspCamera({ clip: CLIP });
    const broker = await startBroker();
    const file = join(tempFolder(), 'falconet.yaml');
    const write = (cameras: Record<string, string>, more = '') => {
      const lines = Object.entries(cameras).map(
        ([name, settings]) => `  ${name}: { source: "${camera.url}", ${settings}, labels: { person: {} } }`,
      );
      const head = `mqtt: { url: "${broker.url}" }\nmodel: { processes: 1 }\n${more}cameras:\n`;
      writeFileSync(file, `${head}${lines.join('\n')}\n`);
    };
    try {
      write({ drive: 'fps: 5', porch: 'fps: 4' });
      const gateway = startFalconet(['run', file]);
      const said = () => gateway.output().stderr;
      for (const name of ['drive', 'porch'])
        await broker.waitFor(({ topic }) => topic === `falconet/camera/${name}/event`, 60_000);
      const drive = ffmpegOf(gateway.pid, 5);
      const porch = ffmpegOf(gateway.pid, 4);
      if (drive === undefined || porch === undefined) throw new Error('expected an ffmpeg for each camera');

      write({ drive: 'fps: 5', porch: 'fps: 3', gate: 'fps: 2' }, '# a remark\n');
      gateway.kill('SIGHUP');
      await vi.waitFor(() => expect(stateOf(broker, 'gate')).toMatchObject({ state: 'online' }), WITHIN);
      expect(ffmpegOf(gateway.pid, 5)).toBe(drive);
      expect(isGone(porch)).toBe(true);
      await vi.waitFor(() => expect(ffmpegOf(gateway.pid, 3)).toBeGreaterThan(0), WITHIN);
      const [first] = eventsOf(broker, 'porch');
      const ended = eventsOf(broker, 'porch').find(({ id, type }) => id === first?.id && type === 'end');
      expect(ended?.reason).toEqual(['stopped']);
      expect(said()).toContain('cameras.porch');
      expect(said()).not.toContain('cameras.drive');

      write({ drive: 'fps: 50', porch: 'fsp: 3' });
      gateway.kill('SIGHUP');
      await vi.waitFor(() => expect(said()).toContain('the last good one goes on'), WITHIN);
      expect(said()).toContain('cameras.drive.fps: expected at most 30, got 50');
      expect(said()).toContain('cameras.porch.fsp: unknown key, did you mean fps?');
      expect(ffmpegOf(gateway.pid, 5)).toBe(drive);

      write({ drive: 'fps: 5' });
      gateway.kill('SIGHUP');
      const gone = { state: 'disabled', reason: 'stopped' };
      await vi.waitFor(() => expect(stateOf(broker, 'gate')).toMatchObject(gone), WITHIN);
      await vi.waitFor(() => expect(stateOf(broker, 'porch')).toMatchObject(gone), WITHIN);
      await vi.waitFor(() => expect(ffmpegOf(gateway.pid, 3)).toBeUndefined(), WITHIN);
      expect(ffmpegOf(gateway.pid, 5)).toBe(drive);
      expect(stateOf(broker, 'drive')).toMatchObject({ state: 'online' });

      gateway.kill('SIGTERM');
      expect((await gateway.finished).exitCode).toBe(0);
      expect(stateOf(broker, 'porch')).toMatchObject(gone);
      for (const name of ['drive', 'porch']) {
        const events = eventsOf(broker, name);
        expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, i) => i));
        expect(new Set(events.map(({ run }) => run)).size).toBe(1);
        const count = (type: string) => events.filter((event) => event.type === type).length;
        expect(count('new')).toBe(count('end'));
      }
    } finally {
      await Promise.all([camera.close(), broker.close()]);
    }
  },
  180_000,
);

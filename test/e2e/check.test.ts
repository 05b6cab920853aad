import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startBroker } from '../helpers/broker.ts';
import { falconet, startFalconet } from '../helpers/falconet.ts';
import { makeClip } from '../helpers/ffmpegs.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 20_000, interval: 50 };

function configuration(...cameras: string[]): string {
  const file = join(tempFolder(), 'falconet.yaml');
  writeFileSync(file, `model: { engine: wasm }\ncameras:\n${cameras.map((line) => `  ${line}\n`).join('')}`);
  return file;
}

describe('falconet check', () => {
  test('says what each camera sends and what could be better, and that all is good', async () => {
    const clip = await makeClip(join(tempFolder(), 'wide.mp4'), { size: '1920x1080', rate: 10, seconds: 3 });
    const camera = await startRtspCamera({ clip, path: '/Streaming/Channels/101' });
    onTestFinished(() => camera.close());
    const file = configuration(`clip: { source: "${CLIP}" }`, `drive: { source: "${camera.url}", fps: 20 }`);
    const { exitCode, stdout } = await falconet(['check', '--json', file]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ good: true, config: file, engine: 'wasm', model: { name: 'tiny-ssd' } });
    expect(report.engines.map(({ name }: { name: string }) => name).sort()).toEqual(['onnx', 'tfjs', 'wasm']);
    const [first, second] = report.cameras;
    expect(first).toMatchObject({ camera: 'clip', codec: 'h264', width: 640, height: 360, proposals: [] });
    expect(second).toMatchObject({ camera: 'drive', width: 1920, height: 1080, keyframe_s: 1 });
    expect(second.proposals).toEqual([
      expect.stringContaining('/Streaming/Channels/102'),
      expect.stringContaining('fps: 10 does as well'),
    ]);
    expect(exitCode).toBe(0);
  });

  test('names the camera that does not answer, with why and what to do, and never its password', async () => {
    const camera = await startRtspCamera({ clip: CLIP, credentials: { user: 'viewer', password: 'right' } });
    onTestFinished(() => camera.close());
    const source = camera.url.replace('rtsp://', 'rtsp://viewer:hunter2@');
    const file = configuration(`clip: { source: "${CLIP}" }`, `drive: { source: "${source}" }`);
    const { exitCode, stdout, stderr } = await falconet(['check', file]);
    expect(stdout).toMatch(/^clip +h264 640x360, 10 frames\/s, a key frame every 1 s/m);
    expect(stdout).toMatch(/^drive +wrong-password\n +→ Check the camera's user and password/m);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(exitCode).toBe(1);
  });

  test('shows no password that stands in a path, and a short one spoils no other word', async () => {
    const clip = await makeClip(join(tempFolder(), 'wide.mp4'), { size: '1920x1080', rate: 10, seconds: 3 });
    const camera = await startRtspCamera({ clip, path: '/stream1' });
    onTestFinished(() => camera.close());
    const source = camera.url.replace('rtsp://', 'rtsp://viewer:2@');
    const { stdout } = await falconet(['check', '--json', configuration(`drive: { source: "${source}" }`)]);
    const [{ width, codec, proposals }] = JSON.parse(stdout).cameras;
    expect({ width, codec }).toEqual({ width: 1920, codec: 'h264' });
    expect(proposals[0]).toMatch(/\/stream\*\*\*$/);
  });

  test('asks the broker, and says in words why it does not let us in', async () => {
    const broker = await startBroker({ credentials: { username: 'falconet', password: 'right' } });
    onTestFinished(() => broker.close());
    const file = configuration(`clip: { source: "${CLIP}" }`);
    appendFileSync(file, `mqtt: { url: "${broker.url}", username: falconet, password: hunter2 }\n`);
    const { stdout, stderr, exitCode } = await falconet(['check', file]);
    expect(stdout).toMatch(/^broker +mqtt:\/\/127\.0\.0\.1:\d+: not authorised\n +→ Check mqtt\.username/m);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(exitCode).toBe(1);
  });

  test('says that a broker is not used which the list of sinks leaves out, as run warns, and does not ask it', async () => {
    const file = configuration(`clip: { source: "${CLIP}" }`);
    appendFileSync(file, 'mqtt: { url: "mqtt://127.0.0.1:1", homeassistant: true }\n');
    appendFileSync(file, 'sinks: [{ type: file, path: events.jsonl }]\n');
    const { stdout, exitCode } = await falconet(['check', file]);
    expect(stdout).toMatch(/^broker +→ not used: sinks has no `- type: mqtt`$/m);
    expect(exitCode).toBe(0);
    const running = startFalconet(['run', file]);
    await vi.waitFor(() => expect(running.output().stderr).toContain('sinks leaves it out'), WITHIN);
  });

  test('asks for what is recorded, too: a clip that never comes is told before the first event', async () => {
    const file = configuration(`drive: { source: "${CLIP}", record: gone.mp4 }`);
    const { stdout, exitCode } = await falconet(['check', file]);
    expect(stdout).toMatch(/^drive +h264 640x360/m);
    expect(stdout).toMatch(/^drive \(record\) no-such-file/m);
    expect(exitCode).toBe(1);
  });

  test('lists the mistakes of a configuration and asks no camera then', async () => {
    const { exitCode, stderr } = await falconet([
      'check',
      configuration('drive: { source: x.mp4, fps: 99 }'),
    ]);
    expect(stderr).toMatch(/falconet\.yaml:3:\d+ cameras\.drive\.fps/);
    expect(exitCode).toBe(2);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const WITHIN = { timeout: 30_000, interval: 200 };

test('a running gateway tells its figures, its children with them, and no password', async () => {
  const password = "s3cret'@cam/%";
  const credentials = { user: 'viewer', password };
  const camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4'), credentials });
  const config = join(tempFolder(), 'falconet.yaml');
  writeFileSync(
    config,
    `
model: { processes: 1 }
metrics: { listen: "127.0.0.1:0" }
cameras:
  drive: { source: ${camera.url}, username: viewer, password: ${JSON.stringify(password)}, labels: { person: {} } }
  away: { source: "rtsp://127.0.0.1:9/none" }
`,
  );
  try {
    const gateway = startFalconet(['run', config, '--json']);
    const port = await vi.waitFor(() => {
      const line = gateway
        .output()
        .stderr.split('\n')
        .find((text) => text.includes('/metrics'));
      return (JSON.parse(line ?? '') as { port: number }).port;
    }, WITHIN);
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    await vi.waitFor(async () => expect(await ask('/readyz')).toMatchObject({ status: 200 }), WITHIN);
    const text = await vi.waitFor(async () => {
      const { text } = await ask('/metrics');
      expect(text).toMatch(/^falconet_events_total\{camera="drive",label="person",type="new"\} [1-9]/m);
      expect(text).toMatch(/^falconet_camera_online\{camera="away"\} 0/m);
      return text;
    }, WITHIN);
    expect(text).toMatch(/^falconet_detect_seconds_count\{camera="drive"\} [1-9]/m);
    expect(text).toMatch(/^falconet_squares_total\{camera="drive"\} [1-9]/m);
    expect(text).toMatch(/^falconet_sink_waiting\{sink="store"\} \d/m);
    if (process.platform === 'linux') {
      expect(text).toMatch(/^falconet_children\{program="ffmpeg"\} [1-9]/m);
      expect(text).toMatch(/^falconet_children_resident_memory_bytes\{program="ffmpeg"\} \d{7,}/m);
    }
    for (const secret of [password, encodeURIComponent(password), 'rtsp:'])
      expect(text).not.toContain(secret);
    gateway.kill('SIGTERM');
    expect((await gateway.finished).exitCode).toBe(0);
  } finally {
    await camera.close();
  }
}, 90_000);

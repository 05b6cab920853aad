import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';
import { installed } from './installed.ts';

export interface GstreamerCamera {
  /** Without credentials. */
  readonly url: string;
  /** Ends it without a word to anyone. */
  kill(): Promise<void>;
}

export interface GstreamerCameraOptions {
  /** An H.264 file in MP4; a session ends with it. */
  readonly clip: string;
  readonly credentials: { readonly user: string; readonly password: string };
}

const SCRIPT = join(packageRoot, 'test/helpers/gstreamer/camera.py');
const NEEDED = `
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert Gst.ElementFactory.find("rtph264pay")
`;

/** A Python that has gst-rtsp-server: the system's, where another stands before it on PATH. */
export function gstreamerPython(): string | undefined {
  const pythons = ['/usr/bin/python3', installed('python3')].filter((path) => path !== undefined);
  return pythons.find((path) => spawnSync(path, ['-c', NEEDED]).status === 0);
}

/** A camera on the loopback address that is none of ours: gst-rtsp-server, asking for a Digest password. */
export async function startGstreamerCamera(
  python: string,
  { clip, credentials: { user, password } }: GstreamerCameraOptions,
): Promise<GstreamerCamera> {
  const child = spawn(python, [SCRIPT, clip, '/live', user, password], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`expected a port of gst-rtsp-server, it ended with ${code}`);
    }),
  ]);
  return {
    url: `rtsp://127.0.0.1:${Number(port)}/live`,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

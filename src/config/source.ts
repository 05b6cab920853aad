import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CameraSource, Decoding, FfmpegSource } from '../core/camera-source.ts';
import { packageRoot } from '../core/package-root.ts';
import type { CameraConfig } from './schema.ts';

/** What a camera's configuration says of its source. */
export type SourceConfig = Pick<CameraConfig, 'source' | 'username' | 'password' | 'loop'> &
  Partial<Pick<CameraConfig, 'mode' | 'interval' | 'hwaccel'>>;

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** Schemes of ffmpeg's devices, which have no slashes: the rest is a device or a graph. */
const DEVICE = /^(v4l2|lavfi):(.+)$/is;
const INTERVAL_SECONDS = 10;
/** A source to try things out with, everywhere; a file of this name is ./demo. */
const DEMO = 'demo';
const DEMO_CLIP = join(packageRoot, 'examples/media/demo.mp4');

/**
 * The source of a camera as the configuration names it, with its credentials in the URL's user part.
 *
 * @param folder - where relative paths of files start.
 * @returns the source, or in words what is wrong with it, without the text itself: it may hold a password.
 */
export function cameraSource(camera: SourceConfig, folder: string): CameraSource | string {
  const device = DEVICE.exec(camera.source);
  if (device !== null) return deviceSource(camera, device[1]?.toLowerCase(), device[2] ?? '');
  const scheme = SCHEME.exec(camera.source)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'rtsp':
    case 'rtsps':
      return rtspSource(camera);
    case 'http':
    case 'https':
      return httpSource(camera);
    case undefined:
      if (camera.source === DEMO) return fileSource(DEMO_CLIP, { ...camera, loop: true });
      return fileSource(resolve(folder, camera.source), camera);
    case 'file':
      return fileUrlSource(camera);
    default:
      return `expected rtsp://, rtsps://, http://, https://, v4l2: or a file, got ${scheme}://`;
  }
}

/** What a camera's configuration says of its recording. */
export type RecordConfig = SourceConfig & Pick<CameraConfig, 'mode' | 'record' | 'clips'>;

/**
 * Where a camera's recording comes from: `record`, else its source, which is asked a second time then.
 *
 * @returns undefined where nothing is to be recorded; in words what is wrong with it, as `cameraSource` does.
 */
export function recordSource(camera: RecordConfig, folder: string): FfmpegSource | string | undefined {
  const { source, mode, record, clips, username, password, loop } = camera;
  if (record === undefined && clips === undefined) return undefined;
  const isPolled = record === undefined && mode === 'poll'; // decoding apart, a recording is the whole stream
  const address = { source: record ?? source, username, password, loop, ...(isPolled && { mode }) };
  const found = cameraSource(address, folder);
  if (typeof found === 'string' || found.kind === 'file') return found;
  if (found.kind === 'rtsp' || found.kind === 'http')
    return { ...found, url: withLoginOf(source, found.url) };
  return 'expected a record address whose video can be copied: rtsp://, rtsps://, http://, https:// or a file';
}

/** An address without a user part has that of the other, where both are of one host: no other may get a password. */
function withLoginOf(other: string, address: string): string {
  const [from, url] = [URL.parse(other), new URL(address)];
  if (url.username !== '' || from?.hostname.toLowerCase() !== url.hostname.toLowerCase()) return address;
  url.username = from.username;
  if (url.password === '') url.password = from.password;
  return url.href;
}

function rtspSource(camera: SourceConfig): CameraSource | string {
  const url = addressOf(camera, 'rtsp://10.0.0.5/stream');
  return typeof url === 'string' ? url : { kind: 'rtsp', url: url.href, ...decodingOf(camera) };
}

function httpSource(camera: SourceConfig): CameraSource | string {
  const { mode, interval = INTERVAL_SECONDS } = camera;
  const url = addressOf(camera, 'http://10.0.0.5/video.mjpg');
  if (typeof url === 'string') return url;
  if (mode === 'poll') return { kind: 'poll', url: url.href, intervalMs: interval * 1_000 };
  return { kind: 'http', url: url.href, ...decodingOf(camera) };
}

/** The URL with the credentials that stand beside it, or what is wrong with them. */
function addressOf({ source, username, password }: SourceConfig, example: string): URL | string {
  const url = URL.parse(source);
  if (url === null || url.hostname === '' || /[\r\n]/.test(source))
    return `expected a URL such as ${example}`;
  if (username !== undefined && url.username !== '')
    return 'expected credentials in the URL or beside it, got both';
  if (username !== undefined) url.username = encodeURIComponent(username);
  if (password !== undefined) url.password = encodeURIComponent(password);
  return url;
}

function deviceSource(camera: SourceConfig, kind: string | undefined, rest: string): CameraSource | string {
  if (kind === 'v4l2') {
    return rest.startsWith('/')
      ? { kind, device: rest, ...decodingOf(camera) }
      : 'expected a device such as v4l2:/dev/video0';
  }
  // A file or address has its own source, and guards. This is none: other filters read files as well.
  return /\ba?movie\b/.test(rest)
    ? 'expected a lavfi graph that reads no file'
    : { kind: 'lavfi', graph: rest };
}

function fileUrlSource(camera: SourceConfig): CameraSource | string {
  const path = pathOf(camera.source);
  return path === undefined
    ? 'expected a file such as file:///var/clips/drive.mp4, special characters percent-encoded'
    : fileSource(path, camera);
}

function pathOf(fileUrl: string): string | undefined {
  try {
    return fileURLToPath(fileUrl);
  } catch {
    return undefined; // another host, an encoded slash, or a lone percent sign
  }
}

function fileSource(path: string, camera: SourceConfig): CameraSource {
  return { kind: 'file', path, pace: 'real-time', loop: camera.loop, ...decodingOf(camera) };
}

function decodingOf({ mode, hwaccel = 'none' }: SourceConfig): Decoding {
  return {
    ...(mode === 'keyframes' && { keyframesOnly: true }),
    ...(hwaccel !== 'none' && { hardware: hwaccel }),
  };
}

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CameraSource } from '../core/camera-source.ts';
import type { CameraConfig } from './schema.ts';

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * The source of a camera as the configuration names it, with its credentials in the URL's user part.
 *
 * @param folder - where relative paths of files start.
 * @returns the source, or in words what is wrong with it, without the text itself: it may hold a password.
 */
export function cameraSource(camera: CameraConfig, folder: string): CameraSource | string {
  const scheme = SCHEME.exec(camera.source)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'rtsp':
    case 'rtsps':
      return rtspSource(camera);
    case undefined:
      return fileSource(resolve(folder, camera.source), camera);
    case 'file':
      return fileUrlSource(camera);
    default:
      return `expected rtsp://, rtsps:// or a file, got ${scheme}://`;
  }
}

function rtspSource(camera: CameraConfig): CameraSource | string {
  const url = URL.parse(camera.source);
  if (url === null || url.hostname === '' || /[\r\n]/.test(camera.source))
    return 'expected a URL such as rtsp://10.0.0.5/stream';
  if (camera.username !== undefined && url.username !== '')
    return 'expected credentials in the URL or beside it, got both';
  if (camera.username !== undefined) url.username = encodeURIComponent(camera.username);
  if (camera.password !== undefined) url.password = encodeURIComponent(camera.password);
  return { kind: 'rtsp', url: url.href };
}

function fileUrlSource(camera: CameraConfig): CameraSource | string {
  const url = URL.parse(camera.source);
  if (url === null || url.host !== '') return 'expected a file such as file:///var/clips/drive.mp4';
  return fileSource(fileURLToPath(url), camera);
}

function fileSource(path: string, { loop }: CameraConfig): CameraSource {
  return { kind: 'file', path, pace: 'real-time', loop };
}

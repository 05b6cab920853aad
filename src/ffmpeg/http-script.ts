import { type AddressRules, addressScript } from './address-script.ts';
import type { Ffmpeg } from './find.ts';

const RULES: AddressRules = {
  protocols: ['http:', 'https:'],
  example: 'http://camera/video.mjpg',
  /** As in rtsp-script.ts; the timeout has another name here. */
  options: ['option fpsprobesize 0', 'option analyzeduration 500000', 'option rw_timeout 20000000'],
};

/** `-protocol_whitelist` for a script that names an HTTP address; a camera may redirect to TLS. */
export const HTTP_PROTOCOLS = 'pipe,fd,http,https,tcp,tls';

/**
 * The script that makes ffmpeg read a stream over HTTP, with Basic or Digest as the camera asks
 * (ffmpeg.org/ffmpeg-protocols.html, "http").
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `addressScript` does.
 */
export function httpScript(url: string, ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>): Promise<string> {
  return addressScript(url, ffmpeg, RULES);
}

import { type AddressRules, addressScript } from './address-script.ts';
import type { Ffmpeg } from './find.ts';

const RULES: AddressRules = {
  protocols: ['rtsp:', 'rtsps:'],
  example: 'rtsp://camera/path',
  /**
   * How the camera is asked. Probing for the frame rate would hold the first frame back for seconds. The timeout (us)
   * is longer than the watchdogs of src/streams, which are to speak first: it ends an ffmpeg that lost its gateway.
   */
  options: [
    'option rtsp_transport tcp',
    'option fpsprobesize 0',
    'option analyzeduration 500000',
    'option timeout 20000000',
  ],
};

/** `-protocol_whitelist` for a script that names an RTSP address. The script itself comes by a pipe. */
export function rtspProtocols(url: string): string {
  const plain = 'pipe,fd,rtsp,rtp,udp,tcp';
  return url.startsWith('rtsps:') ? `${plain},tls,rtsps` : plain;
}

/**
 * The script that makes ffmpeg read an RTSP camera (ffmpeg.org/ffmpeg-protocols.html, "rtsp"): over TCP, except that
 * ffmpeg 4 cannot be told and offers UDP first.
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `addressScript` does.
 */
export function rtspScript(url: string, ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>): Promise<string> {
  return addressScript(url, ffmpeg, RULES);
}

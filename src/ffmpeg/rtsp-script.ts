import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FalconetError } from '../core/error.ts';
import type { Ffmpeg } from './find.ts';

/** The first ffmpeg whose concat demuxer takes `option` lines; older ones refuse the whole script. */
const FIRST_WITH_OPTIONS = 5;
/**
 * How the camera is asked. Probing for the frame rate would hold the first frame back for seconds. The timeout (us)
 * is longer than the watchdogs of src/streams, which are to speak first: it ends an ffmpeg that lost its gateway.
 */
const OPTIONS = [
  'option rtsp_transport tcp',
  'option fpsprobesize 0',
  'option analyzeduration 500000',
  'option timeout 20000000',
];

/** `-protocol_whitelist` for a script that names an RTSP address. The script itself comes by a pipe. */
export function rtspProtocols(url: string): string {
  const plain = 'pipe,fd,rtsp,rtp,udp,tcp';
  return url.startsWith('rtsps:') ? `${plain},tls,rtsps` : plain;
}

/**
 * An ffconcat script that makes ffmpeg read an RTSP camera. It goes to ffmpeg's standard input, so that the password
 * is in no process list (ffmpeg.org/ffmpeg-formats.html, "concat" and "rtsp").
 *
 * Over TCP, except that ffmpeg 4 cannot be told and offers UDP first. The bundled ffmpeg gets the camera's IP
 * address, since it crashes when it looks up a name.
 *
 * @throws SOURCE_ADDRESS when the URL is none, is not RTSP, or has a line break.
 * @throws SOURCE_ENDED (`facts.reason` unreachable) when the name has to be looked up and is not known.
 */
export async function rtspScript(
  url: string,
  ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>,
): Promise<string> {
  const address = parseRtsp(url);
  if (ffmpeg.origin === 'bundled') address.hostname = await resolve(address.hostname);
  const quoted = address.href.replaceAll("'", String.raw`'\''`);
  const options = ffmpeg.generation >= FIRST_WITH_OPTIONS ? OPTIONS : [];
  return ['ffconcat version 1.0', `file '${quoted}'`, ...options, ''].join('\n');
}

function parseRtsp(url: string): URL {
  // The URL parser would drop line breaks in silence, and one in the script begins a directive.
  const address = /[\r\n\0]/.test(url) ? null : URL.parse(url);
  if (address === null || !/^rtsps?:$/.test(address.protocol) || address.hostname === '') {
    throw new FalconetError('SOURCE_ADDRESS', 'expected an address such as rtsp://camera/path', {
      hint: 'Percent-encode special characters of user and password, or give them as username and password',
    });
  }
  return address;
}

async function resolve(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) return hostname;
  try {
    const { address, family } = await lookup(hostname, { order: 'ipv4first' });
    return family === 6 ? `[${address}]` : address;
  } catch (cause) {
    throw new FalconetError('SOURCE_ENDED', `expected ${hostname} to have an address, found none`, {
      hint: 'Check the name of the camera, or give its IP address',
      facts: { reason: 'unreachable' },
      cause,
    });
  }
}

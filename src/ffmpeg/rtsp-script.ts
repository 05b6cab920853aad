import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FalconetError } from '../core/error.ts';
import type { Ffmpeg } from './find.ts';

/** Longer than the watchdogs of src/streams, which are to speak first: this one ends an orphan. */
const SILENCE_US = 20_000_000;
/** The first ffmpeg whose concat demuxer takes `option` lines; older ones refuse the whole script. */
const FIRST_WITH_OPTIONS = 5;

/** `-protocol_whitelist` for a script that names an RTSP address. The script itself comes by a pipe. */
export function rtspProtocols(url: string): string {
  const plain = 'pipe,fd,rtsp,rtp,udp,tcp';
  return url.startsWith('rtsps:') ? `${plain},tls,rtsps` : plain;
}

/**
 * An ffconcat script that makes ffmpeg read an RTSP camera over TCP. It goes to ffmpeg's standard input, so that
 * the password is in no process list (ffmpeg.org/ffmpeg-formats.html, "concat"; "rtsp" for `?tcp`).
 *
 * The bundled ffmpeg gets the camera's IP address, since it crashes when it looks up a name.
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
  const asked = address.href + (address.href.includes('?') ? '&tcp' : '?tcp');
  const lines = ['ffconcat version 1.0', `file '${asked.replaceAll("'", String.raw`'\''`)}'`];
  if (ffmpeg.generation >= FIRST_WITH_OPTIONS) lines.push(`option timeout ${SILENCE_US}`);
  return `${lines.join('\n')}\n`;
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

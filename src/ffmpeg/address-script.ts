import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FalconetError } from '../core/error.ts';
import type { Ffmpeg } from './find.ts';

/** The first ffmpeg whose concat demuxer takes `option` lines; older ones refuse the whole script. */
const FIRST_WITH_OPTIONS = 5;

export interface AddressRules {
  /** Such as `rtsp:`. */
  readonly protocols: readonly string[];
  /** For who wrote another one. */
  readonly example: string;
  /** `option` lines of the script. */
  readonly options: readonly string[];
}

/**
 * An ffconcat script that makes ffmpeg read one address. It goes to ffmpeg's standard input, so that the password
 * is in no process list (ffmpeg.org/ffmpeg-formats.html, "concat").
 *
 * The bundled ffmpeg gets the camera's IP address, since it crashes when it looks up a name.
 *
 * @throws SOURCE_ADDRESS when the URL is none, is of another protocol, or has a line break.
 * @throws SOURCE_ENDED (`facts.reason` unreachable) when the name has to be looked up and is not known.
 */
export async function addressScript(
  url: string,
  ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>,
  rules: AddressRules,
): Promise<string> {
  const address = parseAddress(url, rules);
  if (ffmpeg.origin === 'bundled') address.hostname = await resolve(address.hostname);
  const quoted = address.href.replaceAll("'", String.raw`'\''`);
  const options = ffmpeg.generation >= FIRST_WITH_OPTIONS ? rules.options : [];
  return ['ffconcat version 1.0', `file '${quoted}'`, ...options, ''].join('\n');
}

function parseAddress(url: string, { protocols, example }: AddressRules): URL {
  // The URL parser would drop line breaks in silence, and one in the script begins a directive.
  const address = /[\r\n\0]/.test(url) ? null : URL.parse(url);
  if (address === null || !protocols.includes(address.protocol) || address.hostname === '') {
    throw new FalconetError('SOURCE_ADDRESS', `expected an address such as ${example}`, {
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

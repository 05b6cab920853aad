import { randomBytes } from 'node:crypto';
import type { Guard } from './auth.ts';
import type { Clip } from './clip.ts';
import type { RtspAnswer, RtspRequest } from './request.ts';
import { describe, TRACK } from './sdp.ts';

export interface DialogueOptions {
  readonly clip: Pick<Clip, 'sps' | 'pps' | 'fps'>;
  /** Of the only stream, with its leading slash. */
  readonly path: string;
  readonly guard: Guard;
}

export interface Dialogue {
  answer(request: RtspRequest): RtspAnswer;
  /** Which interleaved channel carries RTP; undefined before SETUP. */
  channel(): number | undefined;
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER';

/** What one client asks and the camera answers (RFC 2326, section 10); media is not its matter. */
export function dialogue({ clip, path, guard }: DialogueOptions): Dialogue {
  const session = randomBytes(8).toString('hex');
  let channel: number | undefined;

  const setup = (request: RtspRequest): RtspAnswer => {
    const transport = request.headers.get('transport') ?? '';
    const channels = /^RTP\/AVP\/TCP;.*interleaved=(\d+)-(\d+)/.exec(transport);
    if (channels === null) return { status: 461 };
    channel = Number(channels[1]);
    const agreed = `RTP/AVP/TCP;unicast;interleaved=${channel}-${channels[2]}`;
    return { status: 200, headers: { Transport: agreed, Session: `${session};timeout=60` } };
  };

  const byMethod: Readonly<Record<string, (request: RtspRequest) => RtspAnswer>> = {
    DESCRIBE: ({ uri }) => ({
      status: 200,
      headers: { 'Content-Type': 'application/sdp', 'Content-Base': `${uri}/` },
      body: describe(clip),
    }),
    SETUP: setup,
    PLAY: () =>
      channel === undefined
        ? { status: 455 }
        : { status: 200, headers: { Session: session, Range: 'npt=now-' } },
    GET_PARAMETER: () => ({ status: 200, headers: { Session: session } }),
    TEARDOWN: () => ({ status: 200, headers: { Session: session } }),
  };

  return {
    answer(request) {
      if (request.method === 'OPTIONS') return { status: 200, headers: { Public: METHODS } };
      if (!guard.isAllowed(request)) return { status: 401, headers: { 'WWW-Authenticate': guard.challenge } };
      if (!names(request.uri, path)) return { status: 404 };
      return byMethod[request.method]?.(request) ?? { status: 405, headers: { Allow: METHODS } };
    },
    channel: () => channel,
  };
}

/** The stream as a whole, as clients write it, or its track. */
function names(uri: string, path: string): boolean {
  const { pathname } = new URL(uri);
  return [path, `${path}/`, `${path}/${TRACK}`].includes(pathname);
}

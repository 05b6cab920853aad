import type { CameraReason } from '../core/camera-state.ts';
import { FalconetError } from '../core/error.ts';
import { percentDecoded } from '../core/percent-decoded.ts';
import { hintFor } from '../ffmpeg/reasons.ts';
import { answerChallenge } from './http-login.ts';

const ANSWERS_WITHIN_MS = 10_000;
/** The largest cameras' pictures have some 10 MB. */
const MOST_BYTES = 32 * 2 ** 20;

/** Codes of Node's sockets, resolver and TLS (nodejs.org/api/errors.html, "Common system errors"). */
const FAILED: readonly (readonly [RegExp, CameraReason])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, 'unreachable'],
  [/TIMEOUT|^ETIMEDOUT$/, 'timed-out'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/, 'bad-certificate'],
];

/**
 * Asks an address for a picture, with Basic or Digest as the camera wants: the bytes of the answer, at most 32 MiB.
 * A redirection is not followed: it could lead the password elsewhere.
 *
 * @param url - http: or https:, with its credentials.
 * @returns asks once; rejects with SOURCE_ENDED and `facts.reason` when there is no good answer within 10 s.
 */
export function snapshots(camera: string, url: string): (signal: AbortSignal) => Promise<Buffer> {
  const { address, login } = parts(url);
  let challenge = '';
  let count = 0;

  const ask = (signal: AbortSignal): Promise<Response> => {
    const request = { method: 'GET', path: address.pathname + address.search, count: ++count };
    const answer = login === undefined ? undefined : answerChallenge(challenge, { ...request, ...login });
    const headers = answer === undefined ? {} : { authorization: answer };
    return fetch(address, { headers, redirect: 'manual', signal });
  };

  const askTwice = async (signal: AbortSignal): Promise<Buffer> => {
    let response = await ask(signal);
    if (response.status === 401 && login !== undefined) {
      await response.body?.cancel();
      challenge = response.headers.get('www-authenticate') ?? '';
      count = 0;
      response = await ask(signal);
    }
    if (response.ok) return await bodyOf(camera, response);
    await response.body?.cancel();
    throw failure(camera, reasonOfStatus(response.status), { status: response.status });
  };

  return (leaving) =>
    inTime(leaving, askTwice).catch((error: unknown) => {
      throw error instanceof FalconetError ? error : failure(camera, reasonOfError(error), {}, error);
    });
}

/**
 * Runs with a signal that is aborted with `leaving`, or when the time is up. Not by `AbortSignal.any`, of which Node 22
 * keeps some 180 bytes each time for as long as `leaving` lives: all the time that a camera is polled.
 */
async function inTime<T>(leaving: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  leaving.throwIfAborted();
  const own = new AbortController();
  const leave = (): void => own.abort(leaving.reason);
  const late = (): void =>
    own.abort(new DOMException(`no answer within ${ANSWERS_WITHIN_MS} ms`, 'TimeoutError'));
  const timer = setTimeout(late, ANSWERS_WITHIN_MS);
  leaving.addEventListener('abort', leave);
  try {
    return await run(own.signal);
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', leave);
  }
}

function parts(url: string) {
  const address = new URL(url);
  const [username, password] = [address.username, address.password].map(percentDecoded);
  address.username = '';
  address.password = '';
  const login =
    username === undefined || username === '' ? undefined : { username, password: password ?? '' };
  return { address, login };
}

async function bodyOf(camera: string, response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLarge(camera);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOfStatus(status: number): CameraReason {
  if (status === 401 || status === 403) return 'wrong-password';
  return status >= 500 ? 'server-error' : 'no-such-path';
}

function reasonOfError(error: unknown): CameraReason {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timed-out';
  const code = codeOf(error);
  return FAILED.find(([pattern]) => pattern.test(code))?.[1] ?? 'stream-ended';
}

/** fetch says `fetch failed` and keeps what happened as the cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function tooLarge(camera: string): FalconetError {
  const most = MOST_BYTES / 2 ** 20;
  return new FalconetError('SOURCE_ENDED', `${camera}: expected a picture of at most ${most} MiB, got more`, {
    hint: "Check that the camera's address gives one picture, without mode: poll if it is a stream",
    facts: { reason: 'not-video' },
  });
}

function failure(
  camera: string,
  reason: CameraReason,
  facts: Readonly<Record<string, unknown>>,
  cause?: unknown,
): FalconetError {
  const hint = hintFor(reason);
  return new FalconetError('SOURCE_ENDED', `${camera}: expected a picture, got ${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    facts: { reason, ...facts },
    cause,
  });
}

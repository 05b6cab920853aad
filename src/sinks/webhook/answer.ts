/** What a receiver's answer, or the lack of one, means for a delivery. */
export type Outcome =
  | { readonly kind: 'taken' }
  /** It can be taken later. */
  | { readonly kind: 'later'; readonly why: string; readonly waitMs?: number }
  /** It will never be taken as it is. */
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string };

/** Of those below 500, the ones that say "later" (RFC 9110, section 15.5; RFC 6585, section 4; RFC 8470, section 5.2). */
const LATER = new Set([408, 425, 429]);
/** A receiver cannot put us off for longer. */
const MOST_WAIT_MS = 600_000;

export function outcomeOf(response: Pick<Response, 'status' | 'headers'>, now: number): Outcome {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const why = `it answers ${status}`;
  if (status >= 500 || LATER.has(status)) {
    const waitMs = retryAfterMs(headers.get('retry-after'), now);
    return { kind: 'later', why, ...(waitMs !== undefined && { waitMs }) };
  }
  const isRedirect = status >= 300 && status < 400;
  const hint = isRedirect
    ? 'Name the address that it redirects to; redirects are not followed'
    : 'See why the receiver refuses it: address, secret, headers, or the size that it takes';
  return { kind: 'refused', why, hint };
}

/** Why there is no answer, in a word of the network: `ECONNREFUSED`, `ENOTFOUND`, a certificate's fault, a time-out. */
export function silence(thrown: unknown): Outcome {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (!(cause instanceof Error)) return { kind: 'later', why: String(cause) };
  if (cause.name === 'TimeoutError') return { kind: 'later', why: 'it does not answer in time' };
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return { kind: 'later', why: code || cause.name };
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfterMs(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MOST_WAIT_MS);
}

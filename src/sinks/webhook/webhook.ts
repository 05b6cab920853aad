import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../../core/clock.ts';
import { FalconetError } from '../../core/error.ts';
import type { Log } from '../../core/log.ts';
import { percentDecoded } from '../../core/percent-decoded.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Delivery, Sink } from '../../core/sink.ts';
import { leavingAt } from '../late.ts';
import { type Outcome, outcomeOf, silence } from './answer.ts';
import { bodyOf } from './body.ts';
import { signatureOf } from './signature.ts';

export interface WebhookSinkOptions {
  /** `http:` or `https:`; user and password in it are sent as HTTP Basic. */
  readonly url: string;
  /** `multipart` brings the picture too. @default 'json' */
  readonly format?: 'json' | 'multipart';
  /** Signs each request. @default they are not signed */
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent. @default all */
  readonly types?: readonly FalconetEvent['type'][];
  /** For a whole answer, ms. @default 10_000 */
  readonly timeoutMs?: number;
  /** Before it is sent again; twice as long each time, up to a minute. @default 1_000 */
  readonly retryMs?: number;
  /** After its frame an event is not tried again, ms: those behind it have waited long enough. @default for ever */
  readonly maxAgeMs?: number;
  readonly log: Log;
  readonly clock?: Clock;
}

const MOST_RETRY_MS = 60_000;
const ALL = ['new', 'update', 'end'] as const;

/**
 * Posts each event to an address, in order, one at a time. A receiver that is away, is too busy (429) or fails (5xx)
 * gets the same delivery again, after growing waits or the one that it asks for, under the same `webhook-id`; the log
 * tells that once. Redirects are not followed, so no secret leaves for another host.
 *
 * @throws CONFIG_INVALID for an address that is none; SINK_WRITE from `write` when the receiver refuses the delivery
 *   (3xx, 4xx), or did not take it while it was young enough; SINK_OFFLINE when the sink was closed first.
 */
export function webhookSink(options: WebhookSinkOptions): Sink {
  const { format = 'json', types = ALL, timeoutMs = 10_000, retryMs = 1_000, log } = options;
  const { maxAgeMs = Number.POSITIVE_INFINITY, clock = systemClock } = options;
  const { url, host, headers } = target(options);
  const stop = new AbortController();
  let isFailing = false;

  async function post(delivery: Delivery): Promise<Outcome> {
    const { bytes, contentType } = await bodyOf(delivery, format);
    const id = `${delivery.event.id}-${delivery.event.seq}`;
    const timestamp = Math.floor(clock.now() / 1_000);
    const signed = { id, timestamp, body: bytes };
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: Uint8Array.from(bytes),
        redirect: 'manual',
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]),
        headers: withHeaders(headers, {
          'content-type': contentType,
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          ...(options.secret !== undefined && { 'webhook-signature': signatureOf(signed, options.secret) }),
        }),
      });
      await response.body?.cancel(); // whatever it says, it may say without end
      return outcomeOf(response, clock.now());
    } catch (error) {
      return silence(error);
    }
  }

  function tell(outcome: Outcome): void {
    if (outcome.kind !== 'later') {
      if (isFailing) log.info({ host }, 'webhook: the receiver answers again');
      isFailing = false;
      return;
    }
    if (isFailing || stop.signal.aborted) return;
    isFailing = true;
    const hint = 'Check the address and whether the receiver runs';
    log.warn(
      { host, why: outcome.why, hint },
      'webhook: the receiver does not take events, what comes waits',
    );
  }

  return {
    name: 'webhook',
    async write(delivery) {
      if (!types.includes(delivery.event.type)) return;
      for (let attempt = 0; !stop.signal.aborted; attempt++) {
        const event = leavingAt(delivery.event, clock.now());
        const outcome = await post({ ...delivery, event });
        tell(outcome);
        if (outcome.kind === 'taken') return;
        if (outcome.kind === 'refused') throw refused(host, outcome);
        if (clock.now() - Date.parse(event.time) > maxAgeMs) throw tooOld(host, outcome);
        const growing = Math.min(MOST_RETRY_MS, retryMs * 2 ** Math.min(attempt, 16));
        await wait(outcome.waitMs ?? growing, undefined, { signal: stop.signal }).catch(() => {}); // closed: the loop ends
      }
      throw new FalconetError('SINK_OFFLINE', `webhook: ${host}: closed before the receiver took it`);
    },
    async close() {
      stop.abort();
    },
  };
}

/** What is asked, without credentials in the address, which `fetch` would refuse. */
function target({ url: text, headers }: Pick<WebhookSinkOptions, 'url' | 'headers'>) {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // The address itself stays out: it may hold a secret.
    throw new FalconetError(
      'CONFIG_INVALID',
      'webhook: expected an address such as https://example.org/hook',
    );
  }
  const login = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  url.username = '';
  url.password = '';
  const basic = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return { url, host: url.host, headers: withHeaders(new Headers(basic), headers) };
}

/** Each name once, whatever its letters: a name that came twice would send both values. */
function withHeaders(headers: Headers, others: Readonly<Record<string, string>> = {}): Headers {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(others)) all.set(name, value);
  return all;
}

function tooOld(host: string, { why }: Extract<Outcome, { kind: 'later' }>): FalconetError {
  const hint = 'See why the receiver fails; data.outbox_hours says how long it is asked';
  return new FalconetError('SINK_WRITE', `webhook: ${host}: it did not take the event in time: ${why}`, {
    hint,
  });
}

function refused(host: string, { why, hint }: Extract<Outcome, { kind: 'refused' }>): FalconetError {
  return new FalconetError('SINK_WRITE', `webhook: ${host}: it does not take the event: ${why}`, { hint });
}

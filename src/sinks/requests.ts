import { allowance } from '../core/allowance.ts';
import type { Desk } from '../core/desk.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import { type RequestAnswer, requestSchemas, transactionSchema, type Verb } from '../core/schema/request.ts';
import type { Received } from './broker.ts';
import type { Message } from './presence.ts';

export interface RequestsOptions {
  readonly baseTopic: string;
  readonly desk: Desk;
  publish(message: Message): Promise<void>;
  /** Topics that no answer may go to, by how they begin. @default none but those of this gateway */
  readonly foreign?: readonly string[];
  readonly log: Log;
  /** ms, from any start. @default performance.now */
  readonly now?: () => number;
}

export interface Requests {
  readonly subscriptions: readonly string[];
  /** Whether the message is a request or a switch. */
  isFor(topic: string): boolean;
  /** Answers a request, or sets a switch. Never rejects. */
  take(message: Received): Promise<void>;
}

const MOST_BYTES = 4_096;
/** Nobody waits longer for an answer. */
const EXPIRY_S = 60;
const MOST_VERB = 60;
const MOST_TOPIC_BYTES = 256;
const MOST_CORRELATION_BYTES = 256;
/** Requests that wait or are carried out. */
const MOST_AT_ONCE = 16;
/** A reload with a new model takes some seconds; what takes longer than this goes on, unanswered. */
const ANSWER_MS = 30_000;
/** A person with a dashboard, and a few automations. */
const ALLOWED = { burst: 30, perSecond: 5 };
/** Refusals because of that, so that a loop of two programs dies down. */
const REFUSALS = { burst: 5, perSecond: 0.5 };

/**
 * Requests by `<base>/bridge/request/<verb>`, answered on `<base>/bridge/response/<verb>` or, with MQTT 5, where the
 * sender wants it, and switches by `<base>/camera/<camera>/<switch>/set`. A request that the broker kept is refused: it
 * would be carried out at each connect. What is too large, wrong or too much is answered with why, and harms nothing.
 */
export function requests(options: RequestsOptions): Requests {
  const { baseTopic, desk, publish, foreign = [], log, now } = options;
  const clock = now === undefined ? {} : { now };
  const isAllowed = allowance({ ...ALLOWED, ...clock });
  const isRefusalAllowed = allowance({ ...REFUSALS, ...clock });
  const requestTopic = `${baseTopic}/bridge/request/`;
  const responseTopic = `${baseTopic}/bridge/response/`;
  const setTopic = new RegExp(`^${literal(baseTopic)}/camera/([a-z0-9_-]{1,40})/(.{1,120})/set$`, 's');
  let underWay = 0;

  /** Not where it would be a request again, nor where it would be taken for something that this gateway says. */
  function topicOf({ responseTopic: wanted }: Received, verb: string): string {
    const own = `${responseTopic}${verb}`;
    if (wanted === undefined || wanted === '' || Buffer.byteLength(wanted) > MOST_TOPIC_BYTES) return own;
    if (/[+#\0]/.test(wanted) || wanted.startsWith('$')) return own;
    if (wanted.startsWith(responseTopic)) return wanted;
    return [baseTopic, ...foreign].some((root) => wanted === root || wanted.startsWith(`${root}/`))
      ? own
      : wanted;
  }

  async function answer(message: Received, verb: string, body: RequestAnswer): Promise<void> {
    const { correlationData } = message;
    const isCorrelated = correlationData !== undefined && correlationData.length <= MOST_CORRELATION_BYTES;
    await publish({
      topic: topicOf(message, verb),
      payload: JSON.stringify(body),
      retain: false,
      contentType: 'application/json',
      expiryS: EXPIRY_S,
      ...(isCorrelated && { correlationData }),
    });
  }

  /** It keeps its place until it is over, also where an answer would come too late. */
  function counted<T>(task: Promise<T>): Promise<T> {
    underWay += 1;
    const leave = (): void => {
      underWay -= 1;
    };
    task.then(leave, leave);
    return inTime(task);
  }

  async function carryOut(verb: Verb, body: unknown): Promise<Record<string, unknown>> {
    const { data, picture } = await counted(desk.request(verb, body));
    if (picture === undefined) return { ...data };
    const topic = `${baseTopic}/camera/${picture.camera}/snapshot`;
    await publish({
      topic,
      payload: picture.jpeg,
      retain: false,
      contentType: 'image/jpeg',
      expiryS: EXPIRY_S,
    });
    return { ...data, topic };
  }

  async function takeRequest(message: Received): Promise<void> {
    const verb = message.topic.slice(requestTopic.length);
    const shown = /^[a-z0-9/_-]+$/.test(verb) && verb.length <= MOST_VERB ? verb : 'unknown';
    if (underWay < MOST_AT_ONCE && isAllowed()) {
      await answer(message, shown, await answerOf(message, verb));
    } else if (isRefusalAllowed()) {
      await answer(message, shown, refusal(new Error('expected fewer requests, try again in a while')));
    } else log.warn({ verb: shown }, 'mqtt: more requests came than are answered');
  }

  async function answerOf({ retain, payload }: Received, verb: string): Promise<RequestAnswer> {
    let transaction: Parsed['transaction'] = {};
    try {
      if (retain) throw refused('expected a request that is not retained');
      const parsed = bodyOf(payload);
      transaction = parsed.transaction;
      if (!isVerb(verb)) throw refused(`expected one of ${Object.keys(requestSchemas).join(', ')}`);
      return { status: 'ok', data: await carryOut(verb, parsed.body), ...transaction };
    } catch (error) {
      return { ...refusal(asError(error)), ...transaction };
    }
  }

  async function takeSetting({ payload, retain }: Received, camera: string, name: string): Promise<void> {
    if (retain) return; // it was carried out when it came
    if (underWay >= MOST_AT_ONCE || !isAllowed()) {
      log.warn({ camera }, 'mqtt: more switches came than are taken');
      return;
    }
    try {
      if (payload.length > MOST_BYTES) throw refused(`expected at most ${MOST_BYTES} bytes`);
      await counted(desk.set(camera, name, Buffer.from(payload).toString()));
    } catch (error) {
      log.warn({ camera, error: asError(error).message }, 'mqtt: a switch was not taken');
    }
  }

  return {
    subscriptions: [
      `${requestTopic}#`,
      `${baseTopic}/camera/+/+/set`,
      `${baseTopic}/camera/+/threshold/+/set`,
    ],
    isFor: (topic) => topic.startsWith(requestTopic) || setTopic.test(topic),
    async take(message) {
      const [, camera, name] = setTopic.exec(message.topic) ?? [];
      try {
        if (camera !== undefined && name !== undefined) await takeSetting(message, camera, name);
        else if (message.topic.startsWith(requestTopic)) await takeRequest(message);
      } catch (error) {
        log.warn({ error: asError(error).message }, 'mqtt: a request was not answered');
      }
    },
  };
}

function isVerb(verb: string): verb is Verb {
  return Object.hasOwn(requestSchemas, verb);
}

interface Parsed {
  readonly body: unknown;
  readonly transaction: { transaction?: string | number };
}

/** @throws REQUEST_REFUSED */
function bodyOf(payload: Uint8Array): Parsed {
  if (payload.length > MOST_BYTES)
    throw refused(`expected at most ${MOST_BYTES} bytes, got ${payload.length}`);
  const text = Buffer.from(payload).toString().trim();
  const whole = text === '' ? {} : parsedJson(text);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) {
    throw refused('expected a JSON object, or nothing');
  }
  const { transaction, ...body } = whole as { readonly transaction?: unknown };
  if (transaction === undefined) return { body, transaction: {} };
  const checked = transactionSchema.safeParse(transaction);
  if (!checked.success) throw refused('expected a transaction that is a short text or a number');
  return { body, transaction: { transaction: checked.data } };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('expected a JSON object, or nothing');
  }
}

async function inTime<T>(task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refused(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  });
  try {
    return await Promise.race([task, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(message: string): FalconetError {
  return new FalconetError('REQUEST_REFUSED', message);
}

/** Without the code, which is for branches in code, and without what a message may hold of a secret. */
function refusal(error: Error): Extract<RequestAnswer, { status: 'error' }> {
  const code = error instanceof FalconetError ? ` (${error.code})` : '';
  const text = error.message.endsWith(code)
    ? error.message.slice(0, error.message.length - code.length)
    : error.message;
  return { status: 'error', data: {}, error: redact(text).slice(0, 2_000) || 'failed' };
}

/** A text as a part of a regular expression that matches nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

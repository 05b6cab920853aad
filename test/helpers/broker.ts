import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError } from 'aedes';

/** One publish as the broker received it. */
export interface RecordedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

export interface TestBrokerOptions {
  /** Without them everyone may connect. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Hangs up over a larger payload, as MQTT 3.1.1 leaves a broker no other way. @default no limit */
  readonly mostBytes?: number;
  /** Nothing may be subscribed to. @default false */
  readonly isMute?: boolean;
  /** @default 0, which takes a free one; give a closed broker's port to come back as it */
  readonly port?: number;
}

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  /** Every publish of a client so far, last wills included, in the order of arrival. */
  readonly messages: readonly RecordedMessage[];
  /** Identifiers of the clients that are connected. */
  clients(): string[];
  /**
   * The first message, recorded already or yet to come, that the predicate holds for.
   * Rejects after `timeoutMs` with the topics that did come. @default 20000
   */
  waitFor(predicate: (message: RecordedMessage) => boolean, timeoutMs?: number): Promise<RecordedMessage>;
  /**
   * `true` cuts every connection, as a lost network does (last wills go out), and ends new ones at once;
   * `false` lets clients in again. Retained messages and sessions are kept.
   */
  refuse(refusing: boolean): void;
  /** Idempotent; leaves no socket behind. */
  close(): Promise<void>;
}

interface Waiter {
  readonly predicate: (message: RecordedMessage) => boolean;
  readonly resolve: (message: RecordedMessage) => void;
}

/** MQTT's return code 5, "not authorized" (MQTT 3.1.1, table 3.1). */
const NOT_AUTHORIZED = 5;

/** An MQTT 3.1.1 broker in this process, on the loopback address, that remembers what was published. */
export async function startBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const { credentials, port = 0, mostBytes = Number.POSITIVE_INFINITY, isMute = false } = options;
  const messages: RecordedMessage[] = [];
  const waiters = new Set<Waiter>();
  const clients = new Set<string>();
  const sockets = new Set<Socket>();
  let refusing = false;

  const aedes = await Aedes.createBroker({
    authenticate: (_client, username, password, done) => {
      const known =
        credentials === undefined ||
        (username === credentials.username && password?.toString() === credentials.password);
      if (known) done(null, true);
      else done(refusal(), null);
    },
    authorizeSubscribe: (_client, subscription, done) => done(null, isMute ? null : subscription),
    authorizePublish: (_client, { payload }, done) =>
      done(payload.length > mostBytes ? new Error('too large') : null),
  });
  aedes.on('client', ({ id }) => clients.add(id));
  aedes.on('clientDisconnect', ({ id }) => clients.delete(id));
  aedes.on('publish', ({ topic, payload, qos, retain }) => {
    if (topic.startsWith('$SYS/')) return;
    const message = { topic, payload: Buffer.from(payload), qos, retain };
    messages.push(message);
    for (const waiter of waiters) if (waiter.predicate(message)) waiter.resolve(message);
  });

  const server = createServer((socket) => {
    if (refusing) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await listen(server, port);
  const bound = (server.address() as AddressInfo).port;

  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => aedes.close(resolve));
    cutAll();
    await ended;
  };

  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    messages,
    clients: () => [...clients],
    waitFor: (predicate, timeoutMs = 20_000) => waitFor({ predicate, timeoutMs, messages, waiters }),
    refuse(value) {
      refusing = value;
      if (refusing) cutAll();
    },
    close: () => (closing ??= close()),
  };
}

interface Wait {
  readonly predicate: (message: RecordedMessage) => boolean;
  readonly timeoutMs: number;
  readonly messages: readonly RecordedMessage[];
  readonly waiters: Set<Waiter>;
}

function waitFor({ predicate, timeoutMs, messages, waiters }: Wait): Promise<RecordedMessage> {
  const recorded = messages.find(predicate);
  if (recorded !== undefined) return Promise.resolve(recorded);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiters.delete(waiter);
      const topics = messages.map((message) => message.topic).join(', ') || 'none';
      reject(new Error(`expected a matching message within ${timeoutMs} ms, got ${topics}`));
    }, timeoutMs);
    const waiter: Waiter = {
      predicate,
      resolve(message) {
        clearTimeout(timer);
        waiters.delete(waiter);
        resolve(message);
      },
    };
    waiters.add(waiter);
  });
}

function refusal(): AuthenticateError {
  return Object.assign(new Error('wrong user name or password'), { returnCode: NOT_AUTHORIZED });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

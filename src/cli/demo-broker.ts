import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { FalconetError } from '../core/error.ts';

export interface DemoBrokerOptions {
  /** On 127.0.0.1. @default 0, which takes a free one */
  readonly port?: number;
  /** Called for each message that a client publishes, last wills included, in the order of arrival. */
  readonly onMessage?: (topic: string, payload: Buffer) => void;
}

export interface DemoBroker {
  /** `mqtt://127.0.0.1:PORT`. */
  readonly url: string;
  /** Idempotent; ends every connection first. */
  close(): Promise<void>;
}

/**
 * An MQTT 3.1.1 broker in this process, for `falconet demo`: on the loopback address only, without
 * passwords, with everything in memory.
 *
 * @throws USAGE when the port cannot be had.
 */
export async function startDemoBroker(options: DemoBrokerOptions = {}): Promise<DemoBroker> {
  const { port = 0, onMessage = () => {} } = options;
  const aedes = await Aedes.createBroker();
  aedes.on('publish', ({ topic, payload }) => {
    if (!topic.startsWith('$SYS/')) onMessage(topic, Buffer.from(payload));
  });

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  try {
    await listen(server, port);
  } catch (cause) {
    aedes.close();
    const hint = 'Give another port with --port, or 0 for a free one';
    throw new FalconetError('USAGE', `the demo's broker cannot listen on 127.0.0.1:${port}`, { hint, cause });
  }

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => aedes.close(resolve));
    // aedes knows only clients that said CONNECT; the rest would keep the server open.
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => (closing ??= close()),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

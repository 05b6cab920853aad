import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';

export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, received: Received) => void;

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** How the next requests are answered, the last for all that come after. */
  answer(...answers: (number | Answer)[]): void;
  /** Once there are so many. */
  arrived(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

/** An HTTP server that takes what is posted to it; it is closed when the test ends. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  let answers: (number | Answer)[] = [204];
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { headers: request.headers, path: request.url ?? '', body: Buffer.concat(chunks) };
    received.push(one);
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 204;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else answer(response, one);
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy()); // who asked has gone
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${own}/hook`,
    port: own,
    received,
    answer(...next) {
      answers = next;
    },
    async arrived(count) {
      await vi.waitFor(
        () => {
          if (received.length < count) throw new Error(`expected ${count} requests, got ${received.length}`);
        },
        { timeout: 20_000, interval: 10 },
      );
      return received;
    },
    close,
  };
}

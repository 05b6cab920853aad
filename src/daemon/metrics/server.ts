import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What /metrics is asked with. @default everybody is told */
  readonly token?: string | undefined;
  readonly metrics: () => Promise<string>;
  readonly contentType: string;
  /** What is not as it should be, in words; undefined when all is. */
  readonly notReady: () => string | undefined;
}

export interface MetricsServer {
  readonly port: number;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;
const MOST_CONNECTIONS = 50;

/**
 * Serves `/metrics`, `/healthz` (the process answers) and `/readyz` (503, and why, until frames come).
 *
 * @throws what listening does, such as EADDRINUSE.
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, token } = options;
  const server = createServer(
    { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS },
    (request, response) => {
      request.resume(); // whatever it brings
      answer(request, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = MOST_CONNECTIONS;

  async function answer(
    { method, url = '', headers }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return say(response, 405, 'expected GET\n');
    switch (url.split('?')[0]) {
      case '/healthz':
        return say(response, 200, 'ok\n');
      case '/readyz': {
        const why = options.notReady();
        return say(response, why === undefined ? 200 : 503, `${why ?? 'ok'}\n`);
      }
      case '/metrics':
        if (token !== undefined && !isBearer(headers.authorization, token)) {
          return say(response, 401, 'expected the token of metrics.token\n');
        }
        return say(response, 200, await options.metrics(), options.contentType);
      default:
        return say(response, 404, 'expected /metrics, /healthz or /readyz\n');
    }
  }

  server.listen(port, host);
  await once(server, 'listening'); // rejects on error
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(text);
}

/** In a time that tells nothing of how much of it was right. */
function isBearer(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

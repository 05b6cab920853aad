import type { AddressInfo, Socket } from 'node:net';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { GatewayFacts } from '../core/dashboard.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import type { EventArchive } from '../core/event-archive.ts';
import type { Live } from '../core/live.ts';
import type { Log } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import type { ShapeEditor } from '../core/shape-editor.ts';
import { within } from '../core/within.ts';
import { eventRoute } from './event-route.ts';
import type { Feed } from './feed.ts';
import { guard } from './guard.ts';
import type { Users } from './login.ts';
import { pageRoute } from './page-route.ts';
import { sessionRoute } from './session-route.ts';
import { shapeRoute } from './shape-route.ts';
import { serveViewer } from './viewer.ts';

export interface DashboardOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Who may look. Needed on any address but this machine's own. @default everybody who reaches it */
  readonly users?: Users;
  /** PEM. @default plain HTTP */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Origins of other pages that may show this one in a frame, such as `http://127.0.0.1:1880`. @default none */
  readonly frameAncestors?: readonly string[] | undefined;
  /** Somebody has come or gone. */
  readonly onViewers?: ((viewers: number) => void) | undefined;
  /** Of the built page. */
  readonly pageFolder: string;
  /** Clips lie in it by their `ref`. @default there are none */
  readonly clipsFolder?: string | undefined;
  readonly feed: Feed;
  readonly live: Live;
  /** @default what the feed remembers */
  readonly archive?: Pick<EventArchive, 'find' | 'image'> | undefined;
  /** Changes what is drawn over cameras. @default nobody can */
  readonly editor?: ShapeEditor | undefined;
  readonly facts: () => Promise<Omit<GatewayFacts, 'viewers'>>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Dashboard {
  /** Such as `http://127.0.0.1:8585/`. */
  readonly url: string;
  readonly viewers: number;
  /** Ends every connection. Idempotent, never rejects, done within 2 s. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 300;
const MOST_VIEWERS = 50;
const MOST_BODY_BYTES = 4_096;
const SLOW_MS = 15_000;
const UPGRADE_MS = 5_000;
const CLOSE_MS = 2_000;
const REF = { type: 'object', properties: { camera: { type: 'string', pattern: '^[a-z0-9_-]{1,40}$' } } };

/**
 * The page and what it asks for, listening.
 *
 * @throws DASHBOARD_FAILED where it cannot listen. TypeError without users on an address that others reach.
 */
export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { host, port, users = {}, tls, log, frameAncestors = [], onViewers } = options;
  const isOpen = Object.keys(users).length === 0;
  if (isOpen && !isLoopback(host)) throw new TypeError(`expected users for a dashboard on ${host}, got none`);
  const app = Fastify({
    ...(tls !== undefined && { https: tls }),
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: SLOW_MS,
    keepAliveTimeout: SLOW_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false } },
  } as object) as FastifyInstance;
  app.server.maxConnections = MOST_CONNECTIONS;
  app.addHook('onRequest', guard({ isOpen, frameAncestors }));
  // An address that is none is answered before any hook.
  app.server.prependListener('upgrade', (_, socket: Socket) => {
    socket.setTimeout(UPGRADE_MS, () => socket.destroy());
  });
  const upgraded = new WeakSet<Socket>();
  app.addHook('onResponse', async ({ headers, raw }) => {
    // Of a connection that was to become another and did not, Node takes no more requests and would never close it.
    if (headers.upgrade !== undefined && !upgraded.has(raw.socket)) raw.socket.destroySoon();
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode < 500) return reply.code(statusCode).send({ error: message });
    log.error(
      { ...errorFacts(error), error: message, path: request.routeOptions.url },
      'the dashboard failed to answer',
    );
    return reply.code(500).send({ error: 'the gateway failed to answer; its log says why' });
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'expected a path of the dashboard' }));
  const roleOf = await sessionRoute(app, {
    ...options,
    users,
    isTls: tls !== undefined,
    hasEditor: options.editor !== undefined,
  });
  await app.register(websocket, { options: { maxPayload: MOST_BODY_BYTES, perMessageDeflate: false } });
  await pageRoute(app, options.pageFolder);
  const viewers = (): number => app.websocketServer.clients.size;

  await app.register(
    async (api) => {
      api.addHook('onRequest', async (request, reply) => {
        if (roleOf(request) === null) return reply.code(401).send({ error: 'expected to be logged in' });
        return undefined;
      });
      await gatewayRoutes(api, options, viewers);
      const { editor, archive = options.feed.lives } = options;
      if (editor !== undefined) shapeRoute(api, { editor, archive, roleOf });
      api.get('/live', { websocket: true }, (socket, request) => {
        upgraded.add(request.raw.socket);
        request.raw.socket.setTimeout(0); // its pings tell whether anybody is there
        if (viewers() > MOST_VIEWERS) return socket.close(1013);
        serveViewer({ ...options, socket, isAllowed: () => roleOf(request) !== null });
        onViewers?.(viewers());
        socket.once('close', () => onViewers?.(viewers()));
      });
    },
    { prefix: '/api' },
  );

  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw new FalconetError(
      'DASHBOARD_FAILED',
      `the dashboard cannot listen on ${host}:${port}: ${asError(cause).message}`,
      {
        cause,
        hint: 'Give another address to listen on (dashboard.listen), or end what listens there',
      },
    );
  }
  const { port: taken } = app.server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    get viewers() {
      return viewers();
    },
    close() {
      closing ??= (async () => {
        await within(CLOSE_MS, app.close());
        for (const socket of app.websocketServer.clients) socket.terminate();
      })();
      return closing;
    },
  };
}

/** What is told of the gateway and its events to who may look. */
async function gatewayRoutes(
  api: FastifyInstance,
  { feed, facts, archive, clipsFolder }: DashboardOptions,
  viewers: () => number,
): Promise<void> {
  const lives = archive ?? feed.lives;
  api.get('/gateway', async () => ({ ...(await facts()), viewers: viewers() }) satisfies GatewayFacts);
  eventRoute(api, lives);
  type Ref = { Params: { camera: string; name: string } };
  api.get<Ref>('/images/:camera/:name', { schema: { params: REF } }, async ({ params }, reply) => {
    const ref = `${params.camera}/${params.name}`;
    const image = (await feed.lives.image(ref)) ?? (await archive?.image(ref));
    if (image === undefined) return reply.callNotFound();
    return reply
      .type('image/jpeg')
      .header('cache-control', 'private, max-age=86400')
      .send(Buffer.from(image));
  });
  if (clipsFolder === undefined) return;
  api.get<Ref>('/clips/:camera/:name', { schema: { params: REF } }, async ({ params }, reply) => {
    if (!/^[\w.:-]+\.mp4$/.test(params.name)) return reply.callNotFound();
    return reply.sendFile(`${params.camera}/${params.name}`, clipsFolder);
  });
}

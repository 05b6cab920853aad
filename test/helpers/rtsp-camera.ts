import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { basicGuard, type Credentials, digestGuard, type Guard, openGuard } from './rtsp/auth.ts';
import { readClip } from './rtsp/clip.ts';
import { type Connection, serve } from './rtsp/connection.ts';
import { type Faults, faultsOf } from './rtsp/faults.ts';

export interface RtspCameraOptions {
  /** An H.264 file without B-frames. */
  readonly clip: string;
  /** @default '/live' */
  readonly path?: string;
  /** Without them everyone is let in. */
  readonly credentials?: Credentials;
  /** @default 'digest' */
  readonly auth?: 'basic' | 'digest';
  /** Begin again at the end; otherwise each client's connection ends with the clip. @default true */
  readonly loop?: boolean;
  /** Pictures per second. @default the clip's own */
  readonly fps?: number;
  /** Serve `rtsps:` with this certificate and key (PEM). */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

export interface RtspCamera extends Omit<Faults, 'show'> {
  /** Without credentials: `rtsp://127.0.0.1:PORT/live`. */
  readonly url: string;
  /** With user and password, percent-encoded; `url` where there are none. */
  readonly urlWithCredentials: string;
  readonly port: number;
  /** Another clip's pictures from their start on, whatever their size; for cameras with one client. */
  show(clip: string): Promise<void>;
  /** Cuts every connection, as a lost network or a reboot does. New ones are taken. */
  drop(): void;
  /** Cuts every connection and refuses new ones, as a camera without power. */
  die(): Promise<void>;
  /** Ends every stream in order, so that all that was sent arrives, and refuses new connections. */
  switchOff(): Promise<void>;
  /** Takes connections again, at the same address. */
  revive(): Promise<void>;
  /** From the next connection on, who may look; for a password that is changed. Without one everybody may. */
  lock(credentials: Credentials | undefined): void;
  /** How many pictures went to clients so far. */
  sent(): number;
  /** How many clients are playing. */
  sessions(): number;
  /** Idempotent; cuts every connection and leaves nothing behind. */
  close(): Promise<void>;
}

/**
 * A camera on the loopback address that plays a clip in real time over RTSP with interleaved TCP (RFC 2326).
 * UDP is refused with 461. Each client sees the clip from its start.
 */
export async function startRtspCamera(options: RtspCameraOptions): Promise<RtspCamera> {
  const { path = '/live', credentials, auth = 'digest', loop = true, tls } = options;
  const original = await readClip(options.clip);
  const clip = { ...original, fps: options.fps ?? original.fps };
  const connections = new Map<Socket, Connection>();
  // A TLS client that never finishes its greeting is a socket without a connection.
  const sockets = new Set<Socket>();
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const { faults, outgoing } = faultsOf();
  let guard = guardOf(credentials, auth);
  let sent = 0;
  const station = { clip, path, loop, outgoing, onSent: () => void sent++ };

  const accept = (socket: Socket): void => {
    connections.set(socket, serve(socket, { ...station, guard }));
    socket.once('close', () => connections.delete(socket));
  };
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer(tls, accept);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(server, 0);

  const scheme = tls === undefined ? 'rtsp' : 'rtsps';
  const address = (login: string): string => `${scheme}://${login}127.0.0.1:${port}${path}`;
  const endAll = (): void => {
    for (const socket of sockets) socket.end();
  };
  const closeBy = (end: () => void): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      end();
    });
  const die = (): Promise<void> => closeBy(cutAll);
  let closing: Promise<void> | undefined;
  return {
    ...faults,
    show: async (file) => faults.show((await readClip(file)).units),
    drop: cutAll,
    die,
    switchOff: () => closeBy(endAll),
    revive: async () => void (await listen(server, port)),
    url: address(''),
    urlWithCredentials: address(credentials === undefined ? '' : loginOf(credentials)),
    port,
    lock(others) {
      guard = guardOf(others, auth);
    },
    sent: () => sent,
    sessions: () => [...connections.values()].filter((connection) => connection.isPlaying()).length,
    close: () => (closing ??= die()),
  };
}

function guardOf(credentials: Credentials | undefined, auth: 'basic' | 'digest'): Guard {
  if (credentials === undefined) return openGuard;
  return auth === 'basic' ? basicGuard(credentials) : digestGuard(credentials);
}

function loginOf({ user, password }: Credentials): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

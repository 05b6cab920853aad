import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP connection to something else that can fall silent on the way, as no end of it can. */
export interface Wire {
  readonly port: number;
  /** Connections stay and new ones are taken, but not a byte passes either way. */
  silence(): void;
  /** Passes on what was held back, and all that comes. */
  speak(): void;
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>;
  /** Takes connections again, at the same port. */
  open(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** @param to - port of the loopback address where it leads. */
export async function startWire(to: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  let isSilent = false;

  const join = ({ near, far }: Pair): void => void near.pipe(far).pipe(near);
  const part = ({ near, far }: Pair): void => {
    near.unpipe(far);
    far.unpipe(near);
  };
  const end = (pair: Pair): void => {
    pair.near.destroy();
    pair.far.destroy();
    pairs.delete(pair);
  };
  const server = createServer((near) => {
    const pair = { near, far: connect(to, '127.0.0.1') };
    pairs.add(pair);
    const ended = (): void => {
      if (!isSilent) end(pair); // else the other side hears nothing of it
    };
    for (const socket of [near, pair.far]) socket.on('error', ended).on('close', ended);
    if (!isSilent) join(pair);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    port,
    silence() {
      isSilent = true;
      pairs.forEach(part);
    },
    speak() {
      isSilent = false;
      for (const pair of pairs) (pair.near.destroyed || pair.far.destroyed ? end : join)(pair);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        pairs.forEach(end);
      }),
    open: () => listen(port),
  };
}

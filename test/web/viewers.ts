import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { BytesHead, Told } from '../../src/core/dashboard.ts';

export interface Viewer {
  readonly socket: WebSocket;
  /** The next message of a kind, those that came before included. */
  told<K extends Told['kind']>(kind: K): Promise<Extract<Told, { kind: K }>>;
  /** Binary messages that nobody has asked for yet. */
  waiting(): number;
  bytes(): Promise<{ readonly head: BytesHead; readonly body: Buffer }>;
  watch(...watch: { camera: string; video: boolean }[]): void;
}

/** Who looks at the dashboard at `url` without a browser; gone when the test ends. */
export function viewer(url: string, origin = url.slice(0, -1)): Viewer {
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/live`, { origin });
  onTestFinished(() => socket.terminate());
  const texts: Told[] = [];
  const binaries: Buffer[] = [];
  const waiters = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) binaries.push(data);
    else texts.push(JSON.parse(String(data)) as Told);
    for (const wake of waiters) wake();
    waiters.clear();
  });
  socket.on('error', () => {});
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((wake) => void waiters.add(wake));
    }
  };
  return {
    socket,
    told: <K extends Told['kind']>(kind: K) =>
      until(() => {
        const at = texts.findIndex((told) => told.kind === kind);
        return at < 0 ? undefined : (texts.splice(at, 1)[0] as Extract<Told, { kind: K }>);
      }),
    waiting: () => binaries.length,
    bytes: () =>
      until(() => {
        const message = binaries.shift();
        if (message === undefined) return undefined;
        const end = 4 + message.readUInt32BE(0);
        return {
          head: JSON.parse(message.toString('utf8', 4, end)) as BytesHead,
          body: message.subarray(end),
        };
      }),
    watch: (...watch) => socket.send(JSON.stringify({ watch })),
  };
}

/** Settles when the server has sent it away; the code says why. */
export async function sentAway({ socket }: Viewer): Promise<number> {
  const [code] = await once(socket, 'close');
  return code as number;
}

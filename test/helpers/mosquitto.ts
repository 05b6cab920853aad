import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type IPublishPacket } from 'mqtt';
import { expect, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { freePort } from './free-port.ts';
import { installed } from './installed.ts';

/** Folder of the certificates: `server.pem` is for 127.0.0.1 and signed by `ca.pem`. */
export const CERTIFICATES = join(packageRoot, 'test/fixtures/tls/broker');

/** What a listener of the broker asks of its clients. */
export interface ListenerOptions {
  /** Name of the certificate that it shows; without it there is no TLS. */
  readonly certificate?: 'server' | 'expired' | 'elsewhere';
  /** Whether a client must show a certificate that `ca.pem` signed. */
  readonly wantsCertificate?: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** The only topics that may be written, as in mosquitto.conf(5), acl_file. @default all */
  readonly mayWrite?: readonly string[];
}

export interface MosquittoOptions<Name extends string> {
  readonly listeners: Readonly<Record<Name, ListenerOptions>>;
  /** More lines of mosquitto.conf(5). */
  readonly settings?: readonly string[];
}

export interface Mosquitto<Name extends string> {
  url(listener: Name): string;
  /** Its log so far. */
  log(): string;
  signal(signal: NodeJS.Signals): void;
  /** Ends it without a word to anyone. */
  kill(): Promise<void>;
  /** Starts it again on the same ports with what it had saved. */
  start(): Promise<void>;
  /** Writes sessions and retained messages to disk, for the next `start`; once per broker. */
  save(): Promise<void>;
  /** What a client that comes now gets of what is retained, once that is whole. @default withinMs 10_000 */
  kept(
    listener: Name,
    isWhole: (topics: ReadonlyMap<string, Buffer>) => boolean,
    withinMs?: number,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /** Everything published from now on, as a client with a session of its own gets it. */
  listen(listener: Name, options?: IClientOptions): Promise<readonly IPublishPacket[]>;
  /** Idempotent; leaves nothing behind. */
  close(): Promise<void>;
}

export function mosquittoPath(): string | undefined {
  return installed('mosquitto_passwd') === undefined ? undefined : installed('mosquitto');
}

/** A real broker on the loopback address, in a process of its own. */
export async function startMosquitto<Name extends string>({
  listeners,
  settings = [],
}: MosquittoOptions<Name>): Promise<Mosquitto<Name>> {
  const bin = mosquittoPath();
  if (bin === undefined) throw new TypeError('expected mosquitto, see mosquittoPath');
  const folder = mkdtempSync(join(tmpdir(), 'falconet-mosquitto-'));
  const ports = new Map<string, number>();
  const lines = [
    'per_listener_settings true',
    'persistence true',
    `persistence_location ${folder}/`,
    ...settings,
  ];
  if (process.getuid?.() === 0) lines.push('user root'); // else it could not read its own folder
  for (const [name, options] of Object.entries<ListenerOptions>(listeners)) {
    ports.set(name, await freePort());
    lines.push(`listener ${ports.get(name)} 127.0.0.1`, ...listenerLines(options, join(folder, name)));
  }
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);

  const closers: (() => void)[] = [];
  let log = '';
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    log = '';
    child = spawn(bin as string, ['-v', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const { stderr } = child;
    if (stderr === null) throw new TypeError('expected a pipe');
    for await (const chunk of stderr.iterator({ destroyOnReturn: false })) {
      log += chunk;
      if (/mosquitto version \S+ running/.test(log)) break;
    }
    stderr.on('data', (chunk) => {
      log += chunk;
    });
    if (child.exitCode !== null) throw new Error(`mosquitto did not start: ${log}`);
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  await start();
  return {
    url: (name) =>
      `${listeners[name].certificate === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${ports.get(name)}`,
    log: () => log,
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    async save() {
      child?.kill('SIGUSR1'); // mosquitto(8); the file takes its name when it is whole
      await vi.waitFor(() => accessSync(join(folder, 'mosquitto.db')), 10_000);
    },
    async listen(name, options = {}) {
      const client = await connectAsync(`mqtt://127.0.0.1:${ports.get(name)}`, {
        protocolVersion: 5,
        clientId: `listener-${closers.length}`,
        clean: false,
        properties: { sessionExpiryInterval: 3600 },
        reconnectPeriod: 50,
        ...options,
      });
      client.on('error', () => {}); // a broker that is gone comes back
      closers.push(() => client.end(true));
      const packets: IPublishPacket[] = [];
      client.on('message', (_topic, _payload, packet) => packets.push(packet));
      await client.subscribeAsync('#', { qos: 1, rap: true });
      return packets;
    },
    async kept(name, isWhole, withinMs = 10_000) {
      const client = await connectAsync(`mqtt://127.0.0.1:${ports.get(name)}`, { protocolVersion: 5 });
      const topics = new Map<string, Buffer>();
      client.on('message', (topic, payload) => {
        if (payload.length === 0) topics.delete(topic);
        else topics.set(topic, payload);
      });
      await client.subscribeAsync('#', { qos: 1 });
      await vi.waitFor(() => expect(isWhole(topics)).toBe(true), withinMs);
      await client.endAsync();
      return topics;
    },
    async close() {
      for (const close of closers) close();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listenerLines(
  { certificate, wantsCertificate, credentials, mayWrite }: ListenerOptions,
  prefix: string,
): string[] {
  const lines = [`allow_anonymous ${credentials === undefined}`];
  if (certificate !== undefined) {
    lines.push(`certfile ${join(CERTIFICATES, `${certificate}.pem`)}`);
    lines.push(`keyfile ${join(CERTIFICATES, `${certificate}-key.pem`)}`);
  }
  if (wantsCertificate) lines.push(`cafile ${join(CERTIFICATES, 'ca.pem')}`, 'require_certificate true');
  if (credentials !== undefined) {
    const { username, password } = credentials;
    const tool = installed('mosquitto_passwd');
    if (tool === undefined) throw new TypeError('expected mosquitto_passwd beside mosquitto');
    const users = `${prefix}.users`;
    execFileSync(tool, ['-b', '-c', users, username, password]);
    chmodSync(users, 0o600);
    lines.push(`password_file ${users}`);
  }
  if (mayWrite !== undefined) {
    writeFileSync(`${prefix}.acl`, mayWrite.map((topic) => `topic write ${topic}\n`).join(''));
    lines.push(`acl_file ${prefix}.acl`);
  }
  return lines;
}

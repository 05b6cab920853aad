import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../helpers/free-port.ts';
import { Recorder } from './recorder.ts';

export interface RedProcess {
  readonly url: string;
  readonly pid: number;
  /** Sends a message to what `imports` brought, and takes its answer. */
  ask(message: number): Promise<unknown>;
  /** What debug nodes send to the sidebar. */
  readonly debug: Recorder<{ readonly name: string; readonly msg: string }>;
  /** Hosts other than this machine that were asked for. */
  hosts(): string[];
  log(): string;
  deploy(flow: readonly object[]): Promise<void>;
  /** As Ctrl-C does; settles when it has ended. */
  stop(): Promise<void>;
}

export interface RedProcessOptions {
  /** Of Node.js. */
  readonly node: string;
  /** Folder of the node-red package. */
  readonly red: string;
  readonly userDir: string;
  /** Folder of a package that is not installed in the user folder. @default none */
  readonly nodesDir?: string;
  /** Modules to load first, as `node --import` takes them. @default none */
  readonly imports?: readonly string[];
}

/** Makes every connection to another machine fail, and writes down whose it was. */
const OFFLINE = `
import net from 'node:net';
import { appendFileSync } from 'node:fs';
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === 'object' ? (first.path ? 'localhost' : first.host) : second;
  if (['localhost', '127.0.0.1', '::1', undefined].includes(typeof host === 'string' ? host : undefined)) {
    return connect.apply(this, args);
  }
  appendFileSync(process.env.FALCONET_TEST_HOSTS, host + '\\n');
  process.nextTick(() => this.destroy(Object.assign(new Error('offline'), { code: 'ENETUNREACH' })));
  return this;
};
`;

/** Node-RED as a user starts it, on a machine without a network. */
export async function startRedProcess(options: RedProcessOptions): Promise<RedProcess> {
  const { node, red, userDir, nodesDir, imports = [] } = options;
  const port = await freePort();
  const hosts = join(userDir, 'hosts.txt');
  writeFileSync(hosts, '');
  writeFileSync(join(userDir, 'offline.mjs'), OFFLINE);
  writeFileSync(
    join(userDir, 'settings.js'),
    `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flows.json', credentialSecret: 'test',
      ${nodesDir === undefined ? '' : `nodesDir: [${JSON.stringify(nodesDir)}],`}
      telemetry: { enabled: false }, editorTheme: { tours: false } };`,
  );
  const loads = [join(userDir, 'offline.mjs'), ...imports].flatMap((module) => ['--import', module]);
  const child = spawn(node, [...loads, join(red, 'red.js'), '-u', userDir], {
    env: { ...process.env, FALCONET_TEST_HOSTS: hosts },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  await answers(url, () => log);
  const debug = new Recorder<{ name: string; msg: string }>();
  const comms = new WebSocket(`ws://127.0.0.1:${port}/comms`);
  comms.addEventListener('message', ({ data }) => {
    const news = JSON.parse(String(data)) as { topic: string; data: { name: string; msg: string } }[];
    for (const { topic, data: what } of [news].flat()) if (topic === 'debug') debug.add(what);
  });
  await new Promise((resolve) => comms.addEventListener('open', resolve));
  comms.send(JSON.stringify({ subscribe: 'debug' }));
  return {
    url,
    pid: child.pid ?? 0,
    async ask(message) {
      child.send(message);
      const [answer] = await once(child, 'message');
      return answer;
    },
    debug,
    hosts: () => readFileSync(hosts, 'utf8').split('\n').filter(Boolean),
    log: () => log,
    async deploy(flow) {
      const answer = await fetch(`${url}/flows`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
        body: JSON.stringify(flow),
      });
      if (!answer.ok) throw new Error(`expected a deploy, got ${answer.status}: ${await answer.text()}`);
    },
    async stop() {
      comms.close();
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function answers(url: string, log: () => string): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    const isUp = await fetch(`${url}/flows`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`expected Node-RED to answer within 60 s, got ${log()}`);
}

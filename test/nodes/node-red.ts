import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from './built-package.ts';
import { Recorder } from './recorder.ts';

export type FlowNode = { readonly id: string; readonly type: string } & Readonly<Record<string, unknown>>;
export type RedMessage = Readonly<Record<string, unknown>>;
/** What a Catch node adds to a message. */
export interface RedError {
  readonly message: string;
  readonly code?: string;
}

export interface TestNodeRed {
  readonly url: string;
  /** A module of the package, the very one that Node-RED runs: by its path in `dist`, such as `nodes/lib/io.js`. */
  module(path: string): unknown;
  /** Each message that a node receives. */
  readonly deliveries: Recorder<{ readonly to: string; readonly msg: RedMessage }>;
  /** Each message that a node says to be done with. */
  readonly completions: Recorder<{ readonly node: string; readonly error?: Error }>;
  readonly statuses: Recorder<{ readonly node: string; readonly fill: string; readonly text: string }>;
  /** Settles when the flows run. @default type 'full' */
  deploy(flows: readonly FlowNode[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  /** As if another node had sent it. */
  send(to: string, msg: RedMessage): void;
  /** Of the admin API, such as `nodes`. */
  get(path: string, language?: string): Promise<Response>;
  /** Nothing has happened so far. */
  forget(): void;
  close(): Promise<void>;
}

/** The part of Node-RED that an embedding program uses; the package brings no types. */
interface Red {
  readonly httpAdmin: unknown;
  readonly httpNode: unknown;
  readonly events: {
    on(event: string, listener: (what: never) => void): void;
    once(event: string, listener: () => void): void;
  };
  readonly hooks: { add(name: string, hook: (event: never) => void): void };
  readonly nodes: { getNode(id: string): { receive(msg: RedMessage): void } | null };
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface HookEvents {
  readonly deliver: { readonly destination: { readonly id: string }; readonly msg: RedMessage };
  readonly complete: { readonly node: { readonly id: string }; readonly error?: Error };
  readonly status: {
    readonly id: string;
    /** Absent where a node clears its badge. */
    readonly status?: { readonly fill?: string; readonly text?: unknown };
  };
}

/** A Node-RED in this process with the package, built from the sources of now, and a user folder of its own; there can be one. */
export async function startNodeRed(): Promise<TestNodeRed> {
  const built = await buildPackage();
  const red = await startWith(built.folder);
  return {
    ...red,
    async close() {
      await red.close();
      await built.remove();
    },
  };
}

async function startWith(packageFolder: string): Promise<TestNodeRed> {
  const load = createRequire(import.meta.url);
  const RED = load('node-red') as Red;
  const express = createRequire(load.resolve('node-red'))('express') as () => Express;
  const userDir = await mkdtemp(join(tmpdir(), 'falconet-userdir-'));
  const app = express();
  const server = createServer(app);
  RED.init(server, {
    userDir,
    nodesDir: [packageFolder],
    flowFile: 'flows.json',
    credentialSecret: 'test',
    httpAdminRoot: '/admin',
    httpNodeRoot: '/',
    telemetry: { enabled: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'off' } },
    externalModules: { palette: { allowInstall: false } },
  });
  app.use('/admin', RED.httpAdmin);
  app.use('/', RED.httpNode);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const deliveries = new Recorder<{ to: string; msg: RedMessage }>();
  const completions = new Recorder<{ node: string; error?: Error }>();
  const statuses = new Recorder<{ node: string; fill: string; text: string }>();
  RED.hooks.add('preDeliver.test', ({ destination, msg }: HookEvents['deliver']) =>
    deliveries.add({ to: destination.id, msg }),
  );
  RED.hooks.add('onComplete.test', ({ node, error }: HookEvents['complete']) =>
    completions.add({ node: node.id, ...(error !== undefined && { error }) }),
  );
  RED.events.on('node-status', ({ id, status }: HookEvents['status']) =>
    statuses.add({ node: id, fill: status?.fill ?? '', text: String(status?.text ?? '') }),
  );
  const isUp = nextStart(RED);
  await RED.start();
  await isUp; // an empty flow is started too, a moment later

  return {
    url,
    module: (path) => load(join(packageFolder, 'dist', path)),
    deliveries,
    completions,
    statuses,
    async deploy(flows, type = 'full') {
      const started = nextStart(RED);
      const answer = await fetch(`${url}/admin/flows`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': type },
        body: JSON.stringify(flows),
      });
      if (!answer.ok)
        throw new Error(`expected flows to be deployed, got ${answer.status}: ${await answer.text()}`);
      await started;
    },
    send(to, msg) {
      const node = RED.nodes.getNode(to);
      if (node === null) throw new Error(`expected a node ${to}`);
      node.receive(msg);
    },
    get: (path, language = 'en-US') =>
      fetch(`${url}/admin/${path}`, { headers: { Accept: 'application/json', 'Accept-Language': language } }),
    forget() {
      for (const recorder of [deliveries, completions, statuses]) recorder.all.length = 0;
    },
    async close() {
      await RED.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function nextStart(RED: Red): Promise<void> {
  return new Promise((resolve) => RED.events.once('flows:started', () => resolve()));
}

interface Express {
  (request: unknown, response: unknown): void;
  use(path: string, app: unknown): void;
}

import { createServer } from 'node:net';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { parseConfig } from '../config/load.ts';
import { packageRoot } from '../core/package-root.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import { startGateway } from '../daemon/gateway.ts';
import { createLogger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';
import { type DemoBroker, type DemoBrokerOptions, startDemoBroker } from './demo-broker.ts';
import { type LiveView, lineView, panelView } from './live-view.ts';

interface DemoOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly port?: string;
  readonly pagePort?: string;
  readonly engine: string;
}

/** Registered with IANA for MQTT without TLS. */
const MQTT_PORT = 1883;
const PAGE_PORT = 8585;

/** `falconet demo`: the whole way on the bundled clip, with a broker of its own, to look at. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'show it work: the bundled clip as a camera, a page to look at, events on an MQTT broker of its own',
    )
    .option('--once', 'end after one pass of the clip', false)
    .option('--json', 'one event a line on stdout, nothing else', false)
    .option(
      '--port <port>',
      "the broker's port on 127.0.0.1; 0 takes a free one (default: 1883, or a free one)",
    )
    .option(
      '--page-port <port>',
      "the dashboard's port on 127.0.0.1; 0 takes a free one (default: 8585, or a free one)",
    )
    .addOption(
      new Option('--engine <engine>', 'what computes')
        .choices(['auto', 'onnx', 'wasm', 'tfjs'])
        .default('auto'),
    )
    .action(demo);
}

async function demo({ once, json, port, pagePort, engine }: DemoOptions): Promise<void> {
  const log = createLogger({ level: 'info' });
  const view = json
    ? jsonView()
    : process.stdout.isTTY
      ? panelView(process.stdout)
      : lineView(process.stdout);
  const broker = await startBroker(port, {
    onMessage: (topic, payload) => {
      if (topic.endsWith('/event')) view.event(JSON.parse(payload.toString()) as FalconetEvent);
    },
  });
  log.info({ url: broker.url }, 'MQTT broker of the demo: subscribe to falconet/# to see all of it');
  try {
    const yaml = demoConfig({
      brokerUrl: broker.url,
      pagePort: pagePort ?? String(await freePort(PAGE_PORT)),
      loop: !once,
      engine,
    });
    const loaded = parseConfig(yaml, { name: 'demo', folder: packageRoot, environment: {} });
    const gateway = await startGateway({ loaded, log, onFrame: (report) => view.frame(report) });
    if (gateway.dashboardUrl !== undefined) log.info({ url: gateway.dashboardUrl }, 'open this in a browser');
    const forget = onStopSignal(() => void gateway.close());
    const { failed } = await gateway.finished;
    if (failed.length > 0) process.exitCode = 1;
    await gateway.close();
    forget();
  } finally {
    view.end();
    await broker.close();
  }
}

/** On the port asked for; without one on MQTT's own, or on a free one where a broker runs already. */
async function startBroker(
  port: string | undefined,
  options: Omit<DemoBrokerOptions, 'port'>,
): Promise<DemoBroker> {
  if (port !== undefined) return startDemoBroker({ ...options, port: Number(port) });
  return startDemoBroker({ ...options, port: MQTT_PORT }).catch(() => startDemoBroker(options));
}

/** The port, or 0 where somebody has it already. */
function freePort(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
  });
}

interface DemoConfig {
  readonly brokerUrl: string;
  readonly pagePort: string;
  readonly loop: boolean;
  readonly engine: string;
}

/** What the demo runs is a configuration like any user's. */
function demoConfig({ brokerUrl, pagePort, loop, engine }: DemoConfig): string {
  return `
gateway: demo
mqtt: { url: "${brokerUrl}" }
model: { engine: ${engine} }
data: { path: off }
dashboard: { listen: "127.0.0.1:${pagePort}" }
cameras:
  room:
    source: ${JSON.stringify(join('examples', 'media', 'demo.mp4'))}
    loop: ${loop}
    labels: { person: { score: 0.4 } }
`;
}

function jsonView(): LiveView {
  return {
    frame() {},
    event: (event) => console.log(JSON.stringify(event)),
    end() {},
  };
}

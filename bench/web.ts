/**
 * What the dashboard costs and how fast it is: one camera with 5 frames/s over RTSP, `falconet run` in a process of
 * its own, camera and broker in this one. Viewers are sockets without a browser, so that only the gateway's side is
 * measured; what a browser shows and when is measured in Chromium, where there is one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { buildPage } from '../scripts/build-page.ts';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { median, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { startDemoBroker } from '../src/cli/demo-broker.ts';
import { packageRoot } from '../src/core/package-root.ts';
import type { FalconetEvent } from '../src/core/schema/event.ts';
import { chromiumPath, startChromium } from '../test/helpers/chromium.ts';
import { startRtspCamera } from '../test/helpers/rtsp-camera.ts';
import { pidOf } from './lib/gateway.ts';
import { cpuPerSecond, total, usageOf } from './lib/usage.ts';
import { verdict } from './lib/verdict.ts';

const TARGETS = { paintMs: 1_000, lagMs: 300, copiedCorePercent: 5 } as const;
const PORT = 18_585;
const URL_ = `http://127.0.0.1:${PORT}/`;
const usage = 'bench/web.ts [--rounds 5] [--seconds 8]';
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else await main(Number(values.rounds), Number(values.seconds) * 1_000);

async function main(rounds: number, ms: number): Promise<void> {
  const bytes = await buildPage();
  const { cpu, node } = thisMachine();
  console.log(`the dashboard, 1 camera over RTSP, 5 frames/s (${cpu}, Node ${node})`);
  console.log(`  page: ${(bytes / 1_000).toFixed(1)} kB compressed`);
  const told = new Map<string, number>();
  const camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4') });
  const broker = await startDemoBroker({
    onMessage: (topic, payload) => {
      if (!topic.endsWith('/event')) return;
      const { id } = JSON.parse(payload.toString()) as FalconetEvent;
      if (!told.has(id)) told.set(id, Date.now());
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const config = join(folder, 'falconet.yaml');
  await writeFile(
    config,
    `mqtt: { url: "${broker.url}" }\ndashboard: { listen: "127.0.0.1:${PORT}" }\n` +
      `cameras: { bench: { source: "${camera.url}", labels: { person: {} } } }\nlog: { level: warn }\n`,
  );
  const gateway = spawn(process.execPath, [join(packageRoot, 'src/cli/main.ts'), 'run', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(gateway, 'exit');
  try {
    await untilServed();
    await costs({ pid: pidOf(gateway), rounds, ms });
    if (chromiumPath === undefined) console.log('  no Chromium here: paint and lag are not measured');
    else await inBrowser(told, rounds * ms);
  } finally {
    gateway.kill('SIGTERM');
    await ended;
    await Promise.all([camera.close(), broker.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilServed(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (
      await fetch(URL_).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await wait(200);
  }
  throw new Error(`expected the dashboard at ${URL_}`);
}

interface Cost {
  readonly pid: number;
  readonly rounds: number;
  readonly ms: number;
}

/** Viewers come and go by turns, so that each figure is held against nobody looking a moment before. */
async function costs({ pid, rounds, ms }: Cost): Promise<void> {
  const crowds = [
    { name: '1 viewer of copied video', viewers: 1, video: true, atMost: TARGETS.copiedCorePercent },
    { name: '1 viewer of pictures', viewers: 1, video: false },
    { name: '10 viewers of pictures', viewers: 10, video: false },
  ];
  const extra = new Map<string, number[]>(crowds.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, viewers, video } of crowds) {
      const quiet = await corePercent(pid, ms);
      const sockets = await Promise.all(Array.from({ length: viewers }, () => look(video)));
      await wait(1_500); // a connection to the camera is opened once, not every second
      const busy = await corePercent(pid, ms);
      for (const socket of sockets) socket.terminate();
      extra.get(name)?.push(busy - quiet);
      await wait(500);
    }
  }
  for (const { name, atMost } of crowds) {
    const more = summarise(extra.get(name) ?? []);
    const goal = atMost === undefined ? '' : `; ${verdict(more, { atMost }, ' %')}`;
    console.log(`  ${name}: ${showSummary(more, 1)} % of a core more${goal}`);
  }
}

/** Of gateway, engines and ffmpegs together. */
async function corePercent(pid: number, ms: number): Promise<number> {
  const before = usageOf(pid);
  const began = performance.now();
  await wait(ms);
  return total(cpuPerSecond(before, usageOf(pid), performance.now() - began)) / 10;
}

async function look(video: boolean): Promise<WebSocket> {
  const socket = new WebSocket(`${URL_.replace('http', 'ws')}api/live`, { origin: URL_.slice(0, -1) });
  await once(socket, 'open');
  await once(socket, 'message'); // it knows its cameras
  socket.send(JSON.stringify({ watch: [{ camera: 'bench', video }] }));
  return socket;
}

async function inBrowser(told: ReadonlyMap<string, number>, ms: number): Promise<void> {
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    const paints: number[] = [];
    for (let i = 0; i < 5; i++) {
      await page.goto(URL_);
      await page.locator('main').waitFor();
      paints.push(
        await page.evaluate<number>(
          `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
            .observe({ type: 'paint', buffered: true }))`,
        ),
      );
    }
    const paint = median(paints);
    console.log(
      `  first paint: ${paint.toFixed(0)} ms; ${verdict(paint, { atMost: TARGETS.paintMs }, ' ms')}`,
    );
    await page.goto(`${URL_}events`);
    await page.evaluate(`{
      globalThis.shown = {};
      const look = () => document.querySelectorAll('[data-event]').forEach((row) => {
        globalThis.shown[row.dataset.event] ??= Date.now();
      });
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    }`);
    const from = Date.now();
    await wait(Math.max(ms, 20_000));
    const shown = await page.evaluate<Record<string, number>>('globalThis.shown');
    const lags = Object.entries(shown).flatMap(([id, at]) => {
      const heard = told.get(id);
      return heard === undefined || heard < from ? [] : [at - heard];
    });
    if (lags.length === 0) throw new Error('expected events while the page was open');
    const most = Math.max(...lags);
    console.log(
      `  an event on the page after it was on MQTT: median ${median(lags)} ms, most ${most} ms of ${lags.length}; ` +
        `most: ${verdict(most, { atMost: TARGETS.lagMs }, ' ms')}`,
    );
  } finally {
    await browser.close();
  }
}

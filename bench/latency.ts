/**
 * How long an event takes: from the moment at which the decoder's frame was complete to the moment at which the
 * broker has the event, and its picture before it. One camera with 5 frames/s over RTSP, `falconet run` in a
 * process of its own, camera and broker in this one. The frames that confirm an object are not in it: an
 * event's `time` is the arrival of the frame that it speaks of.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { startDemoBroker } from '../src/cli/demo-broker.ts';
import { packageRoot } from '../src/core/package-root.ts';
import type { FalconetEvent } from '../src/core/schema/event.ts';
import { startRtspCamera } from '../test/helpers/rtsp-camera.ts';
import { verdict } from './lib/verdict.ts';

const TARGET_P95_MS = 60;
const usage = 'bench/latency.ts [--seconds 120] [--engine auto|onnx|wasm] [--json]';
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else await main(Number(values.seconds) * 1_000, values.engine);

async function main(ms: number, engine: string): Promise<void> {
  const latencies = await measure(ms, engine);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const result = { events: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), mostMs: at(1) };
  const machine = thisMachine();
  if (values.json) return console.log(JSON.stringify({ machine, engine, ...result }, null, 2));
  console.log(
    `frame complete to event at the broker, 1 camera, 5 frames/s (${machine.cpu}, Node ${machine.node})`,
  );
  console.log(
    `  ${result.events} events: median ${result.medianMs} ms, p95 ${result.p95Ms} ms, most ${result.mostMs} ms; ` +
      `p95: ${verdict(result.p95Ms, { atMost: TARGET_P95_MS }, ' ms')}`,
  );
}

async function measure(ms: number, engine: string): Promise<number[]> {
  const latencies: number[] = [];
  const camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4') });
  const broker = await startDemoBroker({
    onMessage: (topic, payload) => {
      if (!topic.endsWith('/event')) return;
      const { time, reason } = JSON.parse(payload.toString()) as FalconetEvent;
      if (!reason.includes('stopped')) latencies.push(Date.now() - Date.parse(time));
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const config = join(folder, 'falconet.yaml');
  await writeFile(
    config,
    `mqtt: { url: "${broker.url}" }\nmodel: { engine: ${engine} }\n` +
      `cameras: { bench: { source: "${camera.url}", fps: 5 } }\nlog: { level: warn }\n`,
  );
  const gateway = spawn(process.execPath, [join(packageRoot, 'src/cli/main.ts'), 'run', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(gateway, 'exit');
  await Promise.race([wait(ms), ended]);
  gateway.kill('SIGTERM');
  await ended;
  await Promise.all([camera.close(), broker.close()]);
  await rm(folder, { recursive: true, force: true });
  if (latencies.length === 0) throw new Error(`expected events within ${ms / 1_000} s, got none`);
  return latencies;
}

/**
 * What Falconet costs a Node-RED that does other things, too: four cameras with 5 frames/s through *detect* and *track*
 * on two engine processes, and beside them an *http in* that answers at once. Node-RED is a process of its own with the
 * nodes as they are built; with the cameras and without them in turn. Then: what *detect* adds to its engine, and what
 * many deploys leave behind.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { thisMachine } from '../src/cli/bench/machine.ts';
import { median, showSummary, summarise } from '../src/cli/bench/summary.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { loadManifest } from '../src/detector/manifest.ts';
import { openDetector } from '../src/detector/pool.ts';
import { decodePicture } from '../src/media/picture.ts';
import { processesBelow } from '../test/helpers/processes.ts';
import { buildPackage } from '../test/nodes/built-package.ts';
import { CAMERA, cameraIn, debug, detect, MODEL, node, TAB } from '../test/nodes/flow-nodes.ts';
import type { FlowNode } from '../test/nodes/node-red.ts';
import { startNodeRed } from '../test/nodes/node-red.ts';
import { type RedProcess, startRedProcess } from '../test/nodes/red-process.ts';
import { interleave } from './lib/pairs.ts';
import { verdict } from './lib/verdict.ts';

const TARGETS = { loopMs: 20, httpRatio: 1.15, detectMs: 1, memory: 1.1 } as const;
const CAMERAS = 4;
const SETTLE_MS = 4_000;
const HTTP: readonly FlowNode[] = [
  node('hi', 'http in', { url: '/bench', method: 'get', wires: [['ho']] }),
  node('ho', 'http response', { statusCode: '200', wires: [] }),
];
const usage = 'bench/node-red.ts [--rounds 6] [--seconds 8, of one figure] [--deploys 100] [--pictures 200]';
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '8' },
    deploys: { type: 'string', default: '100' },
    pictures: { type: 'string', default: '200' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(usage);
else if (process.platform !== 'linux') console.log('skipped: it reads /proc, which Linux alone has');
else await main();

async function main(): Promise<void> {
  const { cpu, cores, node: version } = thisMachine();
  console.log(
    `Node-RED 5 with ${CAMERAS} cameras, 5 frames/s, 2 engine processes (${cpu}, ${cores} cores, Node ${version})`,
  );
  const built = await buildPackage();
  const userDir = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const red = await startRedProcess({
    node: process.execPath,
    red: dirname(createRequire(import.meta.url).resolve('node-red/package.json')),
    userDir,
    nodesDir: built.folder,
    imports: [new URL('./lib/loop-delay.ts', import.meta.url).href],
  });
  try {
    await beside(red, Number(values.rounds), Number(values.seconds) * 1_000);
    await deploys(red, Number(values.deploys));
  } finally {
    await red.stop();
    await rm(userDir, { recursive: true, force: true });
    await built.remove();
  }
  await addedByDetect(Number(values.pictures));
}

/** @param salt - makes every deploy another one. */
function cameras(salt = ''): FlowNode[] {
  return Array.from({ length: CAMERAS }, (_, i) => [
    { ...CAMERA, id: `c${i}`, name: `camera-${i}` },
    cameraIn({ id: `in${i}`, camera: `c${i}`, name: salt, wires: [['d1'], ['t1']] }),
  ])
    .flat()
    .concat([
      { ...MODEL, processes: '2' },
      detect({ wires: [['tr1']] }),
      node('tr1', 'falconet-track', {
        gateway: 'home',
        gatewayNode: '',
        rules: {},
        version: 2,
        wires: [['seen'], []],
      }),
      debug('seen'),
    ]);
}

/** Loop and answers with the cameras and without, one right after the other. */
async function beside(red: RedProcess, rounds: number, ms: number): Promise<void> {
  const with_ = { loop: [] as number[], http: [] as number[] };
  const without = { loop: [] as number[], http: [] as number[] };
  const measure = (flow: readonly FlowNode[], into: typeof with_) => async (): Promise<number> => {
    await red.deploy(flow);
    await wait(SETTLE_MS);
    into.loop.push(Number(await red.ask(ms)));
    const answer = await httpMs(red.url, ms);
    into.http.push(answer);
    return answer;
  };
  await red.deploy([TAB, ...HTTP]);
  await httpMs(red.url, 2_000); // code that is run for the first time is slow
  const pairs = await interleave(
    measure([TAB, ...HTTP], without),
    measure([TAB, ...HTTP, ...cameras()], with_),
    rounds,
  );
  const loop = summarise(with_.loop.map((p99, i) => p99 - (without.loop[i] ?? 0)));
  const ratio = summarise(pairs.map(([idle, busy]) => busy / idle));
  console.log(
    `  event loop   p99 ${showSummary(loop, 1)} ms over idle; ${verdict(loop, { atMost: TARGETS.loopMs }, ' ms')}`,
  );
  console.log(
    `  http         ${median(with_.http).toFixed(2)} ms beside the cameras, ${median(without.http).toFixed(2)} ms idle: ` +
      `${showSummary(ratio, 2)} times; ${verdict(ratio, { atMost: TARGETS.httpRatio })}`,
  );
}

/** Median time of an answer, asked for one after the other, ms. */
async function httpMs(url: string, ms: number): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const began = performance.now();
    await (await fetch(`${url}/bench`)).text();
    times.push(performance.now() - began);
    await wait(5);
  }
  return median(times);
}

/** Memory after the first ten deploys and after all, and processes after the last one is taken back. */
async function deploys(red: RedProcess, count: number): Promise<void> {
  const again = async (i: number): Promise<void> => {
    await red.deploy([TAB, ...HTTP, ...cameras(`deploy ${i}`)]);
    await wait(500);
  };
  const settled = async (): Promise<number> => {
    await red.deploy([TAB, ...HTTP]);
    await wait(SETTLE_MS);
    const status = await readFile(`/proc/${red.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
  };
  for (let i = 0; i < 10; i++) await again(i);
  const before = await settled();
  for (let i = 0; i < count; i++) await again(i);
  const after = await settled();
  const children = processesBelow(red.pid)?.length ?? 0;
  console.log(
    `  ${count} deploys  ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after: ` +
      `${(after / before).toFixed(2)} times; ${verdict(after / before, { atMost: TARGETS.memory })}; ${children} children left`,
  );
}

/** A picture's way through *detect*, over that through an engine of the same kind. */
async function addedByDetect(pictures: number): Promise<void> {
  const red = await startNodeRed();
  const detector = await openDetector({ model: await loadManifest('tiny-ssd'), processes: 1 });
  const picture = await decodePicture(join(packageRoot, 'examples/media/room.jpg'));
  const pixels = { ...picture, data: Buffer.from(picture.data) };
  await red.deploy([TAB, MODEL, detect({ wires: [['seen']] }), debug('seen')]);
  const throughNode = async (): Promise<number> => {
    red.forget();
    const began = performance.now();
    red.send('d1', { payload: pixels });
    await red.deliveries.waitFor(({ to }) => to === 'seen', 30_000);
    return performance.now() - began;
  };
  const direct = async (): Promise<number> => {
    const began = performance.now();
    await detector.detect([{ frame: picture }]);
    return performance.now() - began;
  };
  try {
    await interleave(direct, throughNode, 20);
    const pairs = await interleave(direct, throughNode, pictures);
    const added = summarise(pairs.map(([engine, withNode]) => withNode - engine));
    const engine = median(pairs.map(([ms]) => ms)).toFixed(1);
    console.log(
      `  detect       adds ${showSummary(added, 2)} ms to the engine's ${engine} ms; ${verdict(added, { atMost: TARGETS.detectMs }, ' ms')}`,
    );
  } finally {
    await Promise.all([red.close(), detector.close()]);
  }
}

/**
 * Installs the package as the README says, without install scripts, into an empty folder, and runs it there with
 * nothing on PATH but Node: it can be imported, the demo gives whole lives of events, `detect` sees the cat by the
 * native engine. Run `npm run build` before.
 */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../src/core/package-root.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'falconet-package-'));
try {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: packageRoot });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('expected a tarball from npm pack, found none');
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)], {
    cwd: folder,
  });
  console.log(`installed ${tarball} into an empty folder`);

  const names = `import('@falconet/node-red').then((all) => console.log(Object.keys(all).join(' ')))`;
  const { stdout: imported } = await run(process.execPath, ['--input-type=module', '-e', names], {
    cwd: folder,
  });
  if (!imported.includes('startGateway')) throw new Error(`expected startGateway, got ${imported}`);
  console.log(`import: ${imported.trim()}`);

  await access(join(folder, 'node_modules/@falconet/node-red/dist/page/index.html'));
  console.log('the page of the dashboard is there');

  const demo = await falconet(['demo', '--once', '--json', '--port', '0']);
  const events = jsonLines<{ type: string; label: string }>(demo);
  const news = events.filter(({ type }) => type === 'new').length;
  const ends = events.filter(({ type }) => type === 'end').length;
  if (news === 0 || news !== ends) throw new Error(`expected as many ends as news, got ${ends} of ${news}`);
  console.log(`demo: ${events.length} events, ${news} lives`);

  const cat = join(folder, 'node_modules/@falconet/node-red/examples/media/cat.jpg');
  const seen = jsonLines<{ detections: { label: string }[] }>(
    await falconet(['detect', '--json', '--engine', 'onnx', cat]),
  );
  const labels = seen.flatMap(({ detections }) => detections.map(({ label }) => label));
  if (!labels.includes('cat')) throw new Error(`expected a cat, got ${labels.join(', ') || 'nothing'}`);
  console.log(`detect on the native engine: ${labels.join(', ')}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function falconet(args: readonly string[]): Promise<string> {
  const bin = join(folder, 'node_modules', '.bin', 'falconet');
  const PATH = dirname(process.execPath);
  const { stdout } = await run(process.execPath, [bin, ...args], { env: { PATH }, timeout: 120_000 });
  return stdout;
}

function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/**
 * Builds the dashboard's page into `dist/page`, from where it is served whether the gateway runs from `src` or from
 * `dist`: `node scripts/build-page.ts [FOLDER]`. Names of assets change with what is in them, and each file lies there
 * compressed too. Prints what the page weighs.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { packageRoot } from '../src/core/package-root.ts';

const sources = join(packageRoot, 'src/web/app');

/** @returns what a browser loads, compressed by brotli, bytes. */
export async function buildPage(folder = join(packageRoot, 'dist/page')): Promise<number> {
  const script = await bundle();
  const files = {
    script: asset('page.js', script),
    style: asset('page.css', readFileSync(join(sources, 'style.css'), 'utf8')),
    icon: asset('icon.svg', readFileSync(join(sources, 'icon.svg'), 'utf8')),
  };
  const html = readFileSync(join(sources, 'index.html'), 'utf8').replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, name: keyof typeof files) => files[name].name,
  );
  mkdirSync(join(folder, 'assets'), { recursive: true });
  let bytes = 0;
  for (const { name, text } of Object.values(files)) bytes += write(join(folder, 'assets', name), text);
  bytes += write(join(folder, 'index.html'), html);
  const names = Object.values(files).map(({ name }) => name);
  for (const name of readdirSync(join(folder, 'assets'))) {
    if (!names.some((one) => name.startsWith(one))) rmSync(join(folder, 'assets', name));
  }
  return bytes;
}

async function bundle(): Promise<string> {
  const { output } = await build({
    input: join(sources, 'main.tsx'),
    tsconfig: join(sources, 'tsconfig.json'),
    platform: 'browser',
    write: false,
    output: { format: 'es', minify: true, postBanner: licences() },
  });
  const [chunk, more] = output;
  if (chunk?.type !== 'chunk' || more !== undefined) throw new Error('expected one script from the bundler');
  return chunk.code;
}

/** What the licences of the bundled libraries ask for: their own words beside the copy. */
function licences(): string {
  const texts = ['preact', '@preact/signals', '@preact/signals-core'].map((name) => {
    const folder = join(packageRoot, 'node_modules', name);
    return `${name}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}`;
  });
  return `/*!\n${texts.join('\n\n').replaceAll('*/', '* /')}\n*/`;
}

function asset(name: string, text: string): { readonly name: string; readonly text: string } {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { name: name.replace('.', `-${hash}.`), text };
}

function write(path: string, text: string): number {
  const small = brotliCompressSync(text);
  const forms = { '': text, '.br': small, '.gz': gzipSync(text, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(forms)) {
    // At once, since a gateway may be serving it.
    writeFileSync(`${path}${ending}.${process.pid}`, bytes);
    renameSync(`${path}${ending}.${process.pid}`, path + ending);
  }
  return small.length;
}

if (import.meta.main) {
  const bytes = await buildPage(process.argv[2] === undefined ? undefined : resolve(process.argv[2]));
  console.error(`the page is built: ${(bytes / 1_000).toFixed(1)} kB compressed`);
}

import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startChromium } from '../helpers/chromium.ts';
import { processesBelow } from '../helpers/processes.ts';
import { asNewUser } from './as-new-user.ts';
import { bytesBelow, type PackedPackage, packPackage, userFolder } from './packed-package.ts';
import { type RedProcess, startRedProcess } from './red-process.ts';

// Minutes, and a registry: npm run test:ci.
const isWanted = process.env['FALCONET_SKIP_NOTHING'] !== undefined;
vi.setConfig({ testTimeout: 120_000, hookTimeout: 400_000 });

interface Manifest {
  readonly [key: string]: unknown;
  readonly 'node-red': { readonly version: string; readonly nodes: Readonly<Record<string, string>> };
}

/** Not code that every machine can run, or that comes for one machine only. */
const NATIVE = ['onnxruntime-node', '@img', '@ffmpeg-installer'];

describe.skipIf(!isWanted)('the packed package', () => {
  let packed: PackedPackage;
  let userDir: string;

  beforeAll(async () => {
    packed = await packPackage();
    userDir = await userFolder(packed.path);
  });

  afterAll(async () => {
    await packed?.remove();
    await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
  });

  test('has what a user needs and nothing else, and is small', async () => {
    const { files, bytes, unpackedBytes } = packed;
    const installed = join(userDir, 'node_modules');
    const all = await bytesBelow(installed);
    const natives = await Promise.all(NATIVE.map((name) => bytesBelow(join(installed, name)).catch(() => 0)));
    const mb = (size: number): string => `${(size / 1e6).toFixed(1)} MB`;
    const withoutNatives = all - natives.reduce((sum, size) => sum + size, 0);
    process.stdout.write(
      `packed ${mb(bytes)}, unpacked ${mb(unpackedBytes)}, installed with all it needs ${mb(all)}, without natives ${mb(withoutNatives)}\n`,
    );
    expect(bytes).toBeLessThan(8e6);
    expect(
      files.filter((path) => /^(src|nodes|test|bench|training|scripts|tools)\/|(?<!\.d)\.ts$/.test(path)),
    ).toEqual([]);
    for (const part of ['LICENSE', 'README.md', 'models/tiny-ssd/model.json', 'examples/media/demo.mp4']) {
      expect(files).toContain(part);
    }
  });

  test('keeps the rules that Node-RED has for packages (node-red-dev), as far as they can be held offline', () => {
    const root = join(userDir, 'node_modules/@falconet/node-red');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    expect(manifest['name']).toMatch(/^@[a-z]+\//);
    expect(manifest['keywords']).toContain('node-red');
    expect(manifest['license']).toBe('Apache-2.0');
    expect(manifest['description']).toEqual(expect.any(String));
    expect(manifest['engines']).toEqual({ node: expect.stringMatching(/^>=\d/) });
    expect(manifest['node-red'].version).toMatch(/^>=\d/);
    const examples = packed.files.filter((path) => path.startsWith('examples/flows/'));
    const used = examples.flatMap((path) =>
      (JSON.parse(readFileSync(join(root, path), 'utf8')) as { type: string }[]).map(({ type }) => type),
    );
    for (const [type, file] of Object.entries(manifest['node-red'].nodes)) {
      const page = file.replace(/\.js$/, '.html');
      for (const part of [file, page]) expect(packed.files).toContain(part);
      for (const language of ['en-US', 'de']) {
        const place = `${dirname(file)}/locales/${language}/${type.replace('falconet-', '')}`;
        for (const part of [`${place}.json`, `${place}.html`]) expect(packed.files).toContain(part);
      }
      expect(readFileSync(join(root, page), 'utf8')).toContain(`registerType('${type}'`);
      expect(used, 'every node is in an example').toContain(type);
    }
  });

  describe.each([
    { name: 'Node-RED 5 on Node 24', install: async () => here() },
    { name: 'Node-RED 4.1 on Node 22', install: async () => older() },
  ])('in an empty $name', ({ name, install }) => {
    let red: RedProcess;

    beforeAll(async () => {
      red = await startRedProcess({ ...(await install()), userDir });
    });

    afterAll(async () => {
      await red?.stop();
    });

    test('shows the first box of the example within a minute of the deploy, and asks nobody', async () => {
      const answer = await fetch(
        `${red.url}/library/examples/flows/@falconet/node-red/flows/camera-to-boxes`,
      );
      const began = performance.now();
      await red.deploy((await answer.json()) as object[]);
      await red.debug.waitFor(({ name: node, msg }) => node === 'boxes' && msg.includes('person'), 60_000);
      process.stdout.write(`the first box after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
      expect(red.hosts()).toEqual([]);
      expect(red.log()).not.toMatch(/\[error\]|ERR_/i);
      await red.deploy([{ id: 't0', type: 'tab', label: 'empty' }]);
      const ours = () =>
        (processesBelow() ?? []).filter(({ commandLine }) =>
          /engine-process|nut/.test(commandLine.join(' ')),
        );
      await expect.poll(ours, { timeout: 5_000 }).toEqual([]);
    });

    test('a new user places three nodes, wires them, deploys and sees the camera with its boxes within a minute', async () => {
      const browser = await startChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
        const seconds = await asNewUser(page, red.url);
        process.stdout.write(`by hand, the first box after ${seconds.toFixed(1)} s\n`);
        const folder = process.env['FALCONET_PICTURES'];
        if (folder !== undefined)
          await page.screenshot({ path: join(folder, `${name.replaceAll(' ', '-')}.png`) });
        expect(seconds).toBeLessThan(60);
        expect(red.hosts()).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  });
});

function here(): { readonly node: string; readonly red: string } {
  const load = createRequire(import.meta.url);
  return { node: process.execPath, red: dirname(load.resolve('node-red/package.json')) };
}

async function older(): Promise<{ readonly node: string; readonly red: string }> {
  const folder = await userFolder('node-red@4.1.15', `node-${process.platform}-${process.arch}@22`);
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, `node-${process.platform}-${process.arch}`, 'bin/node'),
    red: join(modules, 'node-red'),
  };
}

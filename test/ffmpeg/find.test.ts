import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type Log, silentLog } from '../../src/core/log.ts';
import { findFfmpeg } from '../../src/ffmpeg/find.ts';
import { bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

test('the configured ffmpeg is used, and the log says which one runs', async () => {
  const { path } = await bundledFfmpeg();
  const info = vi.fn<Log['info']>();
  const found = await findFfmpeg({ configured: path, log: { ...silentLog, info } });
  expect(found).toMatchObject({ path, origin: 'configured', generation: 4 });
  expect(info.mock.calls).toEqual([[expect.objectContaining(found), expect.stringContaining(found.version)]]);
});

test('a relative path starts at the folder of the configuration, and a bare name is looked for on PATH', async () => {
  const { path } = await bundledFfmpeg();
  const [folder, name] = [dirname(path), basename(path)];
  const configured = join('..', basename(folder), name);
  expect(await findFfmpeg({ configured, folder, log: silentLog })).toMatchObject({
    path,
    origin: 'configured',
  });
  vi.stubEnv('PATH', folder);
  const byName = await findFfmpeg({ configured: name, folder: '/nowhere', log: silentLog });
  expect(byName).toMatchObject({ path: name, generation: 4 });
});

test.skipIf(process.platform === 'win32')(
  'an ffmpeg that is asked for its version sees no password of the environment',
  async () => {
    const folder = tempFolder();
    const configured = join(folder, 'ffmpeg');
    writeFileSync(
      configured,
      `#!/bin/sh\nenv > '${folder}/seen'\necho 'ffmpeg version 5.1'\necho 'libavformat 59.1'\n`,
    );
    chmodSync(configured, 0o755);
    vi.stubEnv('DRIVE_PASSWORD', 'hunter2');
    expect(await findFfmpeg({ configured, log: silentLog })).toMatchObject({ version: '5.1', generation: 5 });
    expect(readFileSync(join(folder, 'seen'), 'utf8')).not.toContain('hunter2');
  },
);

test('where PATH has none, the one that npm installed is used', async () => {
  vi.stubEnv('PATH', tempFolder());
  expect(await findFfmpeg({ log: silentLog })).toMatchObject({ origin: 'bundled', generation: 4 });
});

test.each([
  { name: 'is not there', configured: '/nowhere/ffmpeg', why: 'ENOENT' },
  { name: 'is another program', configured: process.execPath, why: 'bad option' },
])(
  'a configured ffmpeg that $name is an error that says so, and no other is taken',
  async ({ configured, why }) => {
    await expect(findFfmpeg({ configured, key: 'ffmpeg.path', log: silentLog })).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
      message: expect.stringContaining(configured),
      hint: expect.stringMatching(/apt install ffmpeg.* name one in ffmpeg\.path$/),
      facts: { tried: { configured: expect.stringContaining(why) } },
    });
  },
);

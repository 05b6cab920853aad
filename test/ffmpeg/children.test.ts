import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Child } from '../../src/ffmpeg/child.ts';
import { createChildren } from '../../src/ffmpeg/children.ts';
import { bundledFfmpeg } from '../helpers/ffmpegs.ts';

const run = promisify(execFile);

/** Children that end with the test; the Node binary with a script stands in for ffmpeg. */
function children() {
  const made = createChildren();
  onTestFinished(() => made.closeAll());
  return made;
}

function script(source: string, secrets: string[] = []) {
  return { path: process.execPath, command: { args: ['-e', source] }, secrets };
}

const ENDLESS = 'setInterval(() => {}, 1000); process.stdout.write("ready")';

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false; // ESRCH: it is gone
  }
}

describe('how a child ended', () => {
  test.each([
    { name: 'well', source: '', exit: { exitCode: 0, signal: null, stderr: '' } },
    {
      name: 'with its code and its last words',
      source: 'console.error("no such path"); process.exitCode = 3',
      exit: { exitCode: 3, signal: null, stderr: 'no such path' },
    },
  ])('$name', async ({ source, exit }) => {
    const child = children().start(script(source));
    child.stdout.resume();
    expect(await child.ended).toEqual(exit);
  });

  test('a binary that is not there is SOURCE_SPAWN, and close still settles', async () => {
    const child = children().start({ ...script(''), path: '/nowhere/ffmpeg' });
    await expect(child.ended).rejects.toMatchObject({
      code: 'SOURCE_SPAWN',
      facts: { reason: 'ffmpeg-missing' },
      hint: expect.stringContaining('/nowhere/ffmpeg'),
    });
    await child.close();
  });

  test.skipIf(process.platform === 'win32')(
    'a gateway that may open no more files is told so, and lives on',
    async () => {
      const registry = fileURLToPath(new URL('../../src/ffmpeg/children.ts', import.meta.url));
      const source = `import { openSync } from 'node:fs';
        import type { Child } from '../../src/ffmpeg/child.ts';
import { createChildren } from '${registry}';
        const children = createChildren();
        try { for (;;) openSync('/dev/null', 'r'); } catch {}
        const child = children.start({ path: process.execPath, command: { args: [] }, secrets: [] });
        const failure = await child.ended.catch((error) => error);
        await children.closeAll();
        setImmediate(() => process.stdout.write(failure.code + ' ' + failure.facts.reason));`;
      const { stdout } = await run('sh', [
        '-c',
        'ulimit -n 256 && exec "$0" "$@"',
        process.execPath,
        '-e',
        source,
      ]);
      expect(stdout).toBe('SOURCE_SPAWN ffmpeg-failed');
    },
  );

  test('it reads its script from standard input, and one that does not read it harms nobody', async () => {
    const registry = children();
    const echo = {
      path: process.execPath,
      command: { args: ['-e', 'process.stdin.pipe(process.stderr)'], stdin: 'a script' },
    };
    const reader = registry.start({ ...echo, secrets: [] });
    const deaf = registry.start({
      ...script(''),
      command: { args: ['-e', ''], stdin: 'x'.repeat(1_000_000) },
    });
    reader.stdout.resume();
    deaf.stdout.resume();
    expect((await reader.ended).stderr).toBe('a script');
    expect((await deaf.ended).exitCode).toBe(0);
  });
});

describe('what it says is kept short and without secrets', () => {
  test('credentials of URLs and the secrets given are hidden', async () => {
    const child = children().start(
      script("console.error(`Impossible to open 'rtsp://viewer:p%40ss@10.0.0.5/main', said hunter2`)", [
        'hunter2',
      ]),
    );
    child.stdout.resume();
    expect((await child.ended).stderr).toBe("Impossible to open 'rtsp://***@10.0.0.5/main', said ***");
  });

  test('only the last whole lines stay, so that no half of a URL escapes', async () => {
    const child = children().start(
      script("for (let i = 0; i < 5000; i++) console.error('line ' + i + ' rtsp://u:secret@cam/')"),
    );
    child.stdout.resume();
    const { stderr } = await child.ended;
    expect(stderr.length).toBeLessThan(4_096);
    expect(stderr).toMatch(/^line \d+ rtsp:\/\/\*\*\*@cam\/\n(.+\n)*line 4999 rtsp:\/\/\*\*\*@cam\/$/);
    expect(stderr).not.toContain('secret');
  });
});

describe('closing leaves no process', () => {
  test.each([
    { name: 'one that obeys', source: ENDLESS, signal: 'SIGTERM' },
    {
      name: 'one that ignores SIGTERM',
      source: `process.on('SIGTERM', () => {}); ${ENDLESS}`,
      signal: 'SIGKILL',
    },
  ])('$name', async ({ source, signal }) => {
    const registry = children();
    const child = registry.start(script(source));
    await once(child.stdout, 'data');
    expect(registry.pids).toEqual([child.pid]);

    await Promise.all([child.close(), child.close(), registry.closeAll()]);
    expect(await child.ended).toMatchObject({ signal });
    expect(isAlive(child.pid)).toBe(false);
    expect(registry.pids).toEqual([]);
    await registry.closeAll();
  });

  test('one that is started by somebody who does not know of it yet', async () => {
    const registry = children();
    const first = registry.start(script(ENDLESS));
    let late: Child | undefined;
    void first.ended.then(() => {
      late = registry.start(script(ENDLESS));
    });
    await registry.closeAll();
    expect(await late?.ended).toMatchObject({ signal: 'SIGTERM' });
    expect(registry.pids).toEqual([]);
    expect((await registry.start(script(ENDLESS)).ended).signal).toBe('SIGTERM');
  });

  test('an ffmpeg that waits for its reader, and one that waits for its input', async () => {
    const { path } = await bundledFfmpeg();
    const registry = children();
    const start = (...args: string[]) => registry.start({ path, command: { args }, secrets: [] });
    const full = start(...['-f', 'lavfi', '-i', 'testsrc', '-f', 'rawvideo', 'pipe:1']);
    const waiting = start(...['-i', 'tcp://127.0.0.1:0?listen', '-f', 'rawvideo', 'pipe:1']);
    await once(full.stdout, 'readable');

    await registry.closeAll();
    expect([full, waiting].map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  });
});

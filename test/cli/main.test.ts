import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { falconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test.each([
  { args: ['--help'], names: ['run', 'check', 'detect', 'eval', 'model', 'bench', 'demo', 'Exit codes'] },
  { args: ['run', '--help'], names: ['falconet.yaml'] },
  { args: ['detect', '--help'], names: ['--json', '--draw', '--score', '--precision'] },
  { args: ['demo', '--help'], names: ['--once', '--json', '--port'] },
])('falconet $args says how it is used', async ({ args, names }) => {
  const { exitCode, stdout } = await falconet(args);
  expect(exitCode).toBe(0);
  for (const name of names) expect(stdout).toContain(name);
});

describe('bad input gets one error that says what to do', () => {
  test.each([
    { name: 'an unknown command', args: ['rum'], exitCode: 2, says: "unknown command 'rum'" },
    { name: 'an unknown option', args: ['demo', '--twice'], exitCode: 2, says: '--twice' },
    {
      name: 'a score out of range',
      args: ['detect', 'a.jpg', '--score', '2'],
      exitCode: 2,
      says: 'Expected 0.1 to 1',
    },
    {
      name: 'a part of a frame, which a stream would never come to',
      args: ['detect', 'a.jpg', '--frames', '1.5'],
      exitCode: 2,
      says: 'Expected a whole number',
    },
    {
      name: 'no configuration',
      args: ['run', '/nowhere/f.yaml'],
      exitCode: 2,
      says: '/nowhere/f.yaml: no such file',
    },
    {
      name: 'numbers that the engine does not compute in',
      args: ['detect', 'a.jpg', '--engine', 'wasm', '--precision', 'int8'],
      exitCode: 1,
      says: 'wasm has no int8',
    },
    { name: 'no such picture', args: ['detect', '/nowhere/a.jpg'], exitCode: 1, says: '/nowhere/a.jpg' },
    { name: 'no such video', args: ['detect', '/nowhere/a.mp4'], exitCode: 1, says: '/nowhere/a.mp4' },
    {
      name: 'a scheme that is not taken',
      args: ['detect', 'ftp://u:hunter2@h/x'],
      exitCode: 2,
      says: 'ftp://***@h/x',
    },
    {
      name: 'a snapshot of a camera that is away',
      args: ['detect', 'http://u:hunter2@127.0.0.1:1/snap.jpg'],
      exitCode: 1,
      says: 'http://***@127.0.0.1:1/snap.jpg',
    },
    {
      name: 'a password that should have been percent-encoded',
      args: ['detect', 'rtsp://u:hunt/er2hunter2@127.0.0.1:1/sub'],
      exitCode: 2,
      says: 'rtsp://***@127.0.0.1:1/sub',
    },
    {
      name: 'a camera that is away',
      args: ['detect', 'rtsp://u:hunter2@127.0.0.1:1/sub'],
      exitCode: 1,
      says: 'rtsp://***@127.0.0.1:1/sub',
    },
    {
      name: 'a variable that is not set',
      args: ['detect', 'rtsp://u:${NOT_SET_AT_ALL}@127.0.0.1:1/sub'],
      exitCode: 2,
      says: 'NOT_SET_AT_ALL',
    },
    { name: 'no such model', args: ['detect', 'a.jpg', '--model', 'huge'], exitCode: 1, says: 'huge' },
  ])('$name', async ({ args, exitCode, says }) => {
    const finished = await falconet(args);
    expect(finished.stderr).toContain(says);
    expect(finished.stderr).not.toMatch(/hunter2|\n\s+at /);
    expect(finished.exitCode).toBe(exitCode);
  });

  test('a video that is none is named', async () => {
    const file = join(tempFolder(), 'notes.mp4');
    writeFileSync(file, 'this is a text');
    const { exitCode, stderr } = await falconet(['detect', file]);
    expect(stderr).toContain('notes.mp4');
    expect(exitCode).toBe(1);
  });

  test('a configuration with several mistakes lists them all with their lines', async () => {
    const file = join(tempFolder(), 'f.yaml');
    writeFileSync(
      file,
      'gateway: A B\ncameras:\n  porch:\n    source: x.mp4\n    fps: 99\n    colour: red\n',
    );
    const { exitCode, stderr } = await falconet(['run', file]);
    expect(stderr).toContain('3 mistakes');
    expect(stderr).toMatch(/f\.yaml:1:1 gateway: .*\n.*f\.yaml:5:5 cameras\.porch\.fps: .*\n.*f\.yaml:6:5 /);
    expect(exitCode).toBe(2);
  });

  test('a label that the model does not know is told with its line, not waited for in vain', async () => {
    const file = join(tempFolder(), 'f.yaml');
    writeFileSync(file, 'cameras:\n  porch:\n    source: missing.mp4\n    labels:\n      persn: {}\n');
    const { exitCode, stderr } = await falconet(['run', file]);
    expect(stderr).toMatch(/f\.yaml:5:7 cameras\.porch\.labels\.persn: expected a label .* person,/);
    expect(exitCode).toBe(2);
  });

  test('a gateway whose only source cannot be read fails, so that a supervisor hears of it', async () => {
    const file = join(tempFolder(), 'f.yaml');
    writeFileSync(file, 'cameras:\n  porch:\n    source: missing.mp4\n');
    const { exitCode, stderr } = await falconet(['run', file]);
    expect(stderr).toContain('porch');
    expect(stderr).toContain('missing.mp4');
    expect(exitCode).toBe(1);
  });

  test('a model whose weights were changed is refused by name', async () => {
    const folder = join(tempFolder(), 'mine');
    mkdirSync(folder);
    const { exitCode, stderr } = await falconet(['detect', 'a.jpg', '--model', folder]);
    expect(stderr).toContain('model.json');
    expect(exitCode).toBe(1);
  });
});

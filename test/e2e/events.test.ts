import { exec } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { anEvent } from '../helpers/events.ts';
import { falconet, startFalconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { aLife, anArchive } from '../sinks/archive/archive.ts';

const ids = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as FalconetEvent).id);

test('events of the configured data folder are listed by camera, label, zone and time', async () => {
  const folder = tempFolder();
  const config = join(folder, 'falconet.yaml');
  writeFileSync(config, 'data: { path: kept }\ncameras: { drive: { source: a.mp4 } }\n');
  const { sink } = anArchive(join(folder, 'kept'));
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const inGate = { current: [], entered: ['gate'], dwell_s: {} };
  const kept = [
    anEvent({ id: 'old', start: ago(7_200_000), end: ago(7_100_000), zones: inGate }),
    anEvent({ id: 'dog', start: ago(500_000), end: ago(400_000), label: 'dog', zones: inGate }),
    anEvent({ id: 'yard', start: ago(400_000), end: ago(300_000), camera: 'yard', zones: inGate }),
    anEvent({ id: 'far', start: ago(300_000), end: ago(200_000) }),
    anEvent({ id: 'wanted', start: ago(200_000), end: ago(100_000), zones: inGate }),
  ];
  for (const event of kept) await sink.write({ event });
  const wanted = ['--since', '1h', '--camera', 'drive', '--label', 'person', '--zone', 'gate'];

  const json = await falconet(['events', config, '--json', ...wanted]);
  expect([json.exitCode, ids(json.stdout)]).toEqual([0, ['wanted']]);
  const all = await falconet(['events', config, '--json']);
  expect(ids(all.stdout)).toEqual(['old', 'dog', 'yard', 'far', 'wanted']);
  const table = await falconet(['events', '--data', join(folder, 'kept'), '--limit', '2']);
  expect(table.stdout.split('\n')).toEqual([
    expect.stringMatching(/^began/),
    expect.stringMatching(/drive +person +0.93 +100 s$/),
    expect.stringMatching(/drive +person +0.93 +100 s +gate$/),
    '',
  ]);
}, 90_000);

test('what begins and ends is shown as it does, until Ctrl-C', async () => {
  const folder = tempFolder();
  const { sink } = anArchive(folder);
  await sink.write(aLife(1));
  const following = startFalconet(['events', '--data', folder, '--follow', '--json']);
  const shown = (count: number) =>
    vi.waitFor(() => expect(ids(following.output().stdout)).toHaveLength(count), { timeout: 15_000 });
  await shown(1);
  const start = new Date().toISOString();
  await sink.write({ event: anEvent({ id: 'new', start, time: start }) });
  await shown(2);
  await sink.write({ event: anEvent({ id: 'new', start, time: start, seq: 1, type: 'end', end: start }) });
  await shown(3);
  following.kill('SIGINT');
  expect(await following.finished).toMatchObject({ exitCode: 0, stderr: '' });
});

test('an end that is known only now is shown, although the object went before; what was there already is not', async () => {
  const folder = tempFolder();
  const { sink } = anArchive(folder);
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const leaving = { id: 'leaving', start: ago(400_000) };
  await sink.write({ event: anEvent(leaving) });
  await sink.write({ event: anEvent({ id: 'gone', start: ago(300_000), type: 'end', end: ago(60_000) }) });
  await sink.write({ event: anEvent({ id: 'listed', start: ago(200_000), type: 'end', end: ago(100_000) }) });
  const following = startFalconet(['events', '--data', folder, '--follow', '--json', '--limit', '1']);
  const shown = (...wanted: readonly string[]) =>
    vi.waitFor(() => expect(ids(following.output().stdout)).toEqual(wanted), { timeout: 15_000 });
  await shown('listed');
  await sink.write({ event: anEvent({ ...leaving, seq: 1, type: 'end', end: ago(330_000) }) });
  await shown('listed', 'leaving');
  await sink.write({ event: anEvent({ id: 'new', start: ago(0) }) });
  await shown('listed', 'leaving', 'new');
  following.kill('SIGINT');
  expect(await following.finished).toMatchObject({ exitCode: 0, stderr: '' });
});

test.skipIf(process.platform === 'win32')(
  'who has read enough, as head has, gets no stack of a crash',
  async () => {
    const folder = tempFolder();
    const { sink } = anArchive(folder);
    const lives = Array.from({ length: 300 }, (_, i) => aLife(i));
    await Promise.all(lives.map((life) => sink.write(life)));
    const command = [
      process.execPath,
      join(packageRoot, 'src/cli/main.ts'),
      'events',
      '--json',
      '--limit',
      '300',
    ];
    const { stdout, stderr } = await promisify(exec)(`${command.join(' ')} --data ${folder} | head -1`);
    expect(ids(stdout)).toHaveLength(1);
    expect(stderr).toBe('');
  },
);

test('a folder without a store, and a time that is none, are said in words', async () => {
  const folder = tempFolder();
  const missing = await falconet(['events', '--data', folder]);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toContain('expected an event store, found none');
  const wrong = await falconet(['events', '--since', 'yesterday']);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('Expected a time such as 1h');
});

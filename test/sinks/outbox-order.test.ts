import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startBroker } from '../helpers/broker.ts';
import { installed, skipFor } from '../helpers/installed.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const PROGRAM = join(packageRoot, 'test/helpers/send-events.ts');
const CALLS = 'trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg';
const COUNT = 9;

/** What a program asked the kernel for, one call a line, in the order in which the calls were answered or begun. */
async function traceOf(args: readonly string[]): Promise<string[]> {
  const file = join(tempFolder(), 'trace');
  const command = ['-f', '-y', '-s', '10000', '-e', CALLS, '-o', file, process.execPath, ...args];
  await promisify(execFile)(installed('strace') ?? 'strace', command, { timeout: 100_000 });
  return readFileSync(file, 'utf8').split('\n');
}

/** Where a write-ahead log got a text; where it was synced to disk after that; and where the text went to the broker. */
function placesOf(text: string, lines: readonly string[]) {
  const written = lines.findIndex((line) => /pwrite64\(\d+<[^>]*-wal>/.test(line) && line.includes(text));
  const synced = lines.findIndex(
    (line, at) =>
      at > written &&
      (/f(?:data)?sync\(\d+<[^>]*-wal>\) *= 0/.test(line) || /f(?:data)?sync resumed>\) *= 0/.test(line)),
  );
  const isSent = (line: string) => /(?:write|writev|sendto|sendmsg)\(\d+<(?:TCP|socket)/.test(line);
  const sent = lines.findIndex((line) => isSent(line) && line.includes(text));
  return { written, synced, sent };
}

test('event and picture are on disk, synced, before a byte of them goes to the broker', async (context) => {
  if (installed('strace') === undefined) skipFor(context, 'strace is not installed');
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const lines = await traceOf([PROGRAM, broker.url, tempFolder(), String(COUNT)]);
  for (let i = 0; i < COUNT; i++) {
    for (const text of [`event-${i}.`, `picture-${i}.`]) {
      const { written, synced, sent } = placesOf(text, lines);
      expect(written).toBeGreaterThan(0);
      expect(synced).toBeGreaterThan(written);
      expect(sent).toBeGreaterThan(synced);
    }
  }
}, 120_000);

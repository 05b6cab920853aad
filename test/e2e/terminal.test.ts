import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 20_000, interval: 50 };
/** util-linux's: it runs a command in a terminal of its own. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

test.skipIf(!hasScript)(
  'in a terminal SIGHUP reloads, and closing the terminal ends the gateway and its children',
  async () => {
    const folder = tempFolder();
    const file = join(folder, 'falconet.yaml');
    const camera = `{ source: ${JSON.stringify(CLIP)}, loop: true, labels: { person: {} } }`;
    writeFileSync(file, `cameras: { room: ${camera} }\nsinks: [{ type: file, path: events.jsonl }]\n`);
    const events = () => readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n');
    // exec: not every shell makes way for its last command, and the signal is for the gateway
    const command = `exec ${process.execPath} ${join(packageRoot, 'src/cli/main.ts')} run ${file}`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void terminal.kill('SIGKILL'));
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    await vi.waitFor(() => expect(shown).toContain('gateway started'), WITHIN);
    const below = processesBelow(terminal.pid) ?? [];
    const gateway = below.find(({ commandLine }) => commandLine.join(' ').includes('falconet'));
    if (gateway === undefined) throw new Error(`expected falconet in ${JSON.stringify(below)}`);

    process.kill(gateway.pid, 'SIGHUP');
    await vi.waitFor(() => expect(shown).toContain('configuration read again'), WITHIN);
    const all = [gateway, ...(processesBelow(gateway.pid) ?? [])];
    expect(all.length).toBeGreaterThan(1);
    await vi.waitFor(() => expect(events().at(-1)).toContain('"type":"new"'), WITHIN);
    terminal.kill('SIGKILL');
    for (const { pid } of all) {
      await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), WITHIN);
    }
    expect(JSON.parse(events().at(-1) ?? '')).toMatchObject({ type: 'end', reason: ['stopped'] });
  },
);

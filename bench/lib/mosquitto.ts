import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/helpers/free-port.ts';
import { installed } from '../../test/helpers/installed.ts';

export interface BareBroker {
  readonly url: string;
  close(): Promise<void>;
}

/** A broker in a process of its own that keeps nothing on disk; undefined where mosquitto is not installed. */
export async function startBareBroker(mostInFlight: number): Promise<BareBroker | undefined> {
  const bin = installed('mosquitto');
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'falconet-bench-'));
  const port = await freePort();
  const settings = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence false'];
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(
    file,
    [...settings, `max_inflight_messages ${mostInFlight}`, 'max_queued_messages 100000', ''].join('\n'),
  );
  const child = spawn(bin, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    if (/running/.test(String(chunk))) break;
  }
  child.stderr.resume();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { webhookSink } from '../../../src/sinks/webhook/webhook.ts';
import { anEvent } from '../../helpers/events.ts';

const WITHIN = { timeout: 10_000, interval: 20 };

test.each(['shared', `whsec_${Buffer.from('a key of bytes').toString('base64')}`])(
  'the example of a receiver takes each event once, and none of somebody else: %s',
  async (shared) => {
    const program = join(packageRoot, 'examples/webhook/receiver.mjs');
    const child = spawn(process.execPath, [program], { env: { HOOK_SECRET: shared, PORT: '0' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const url = await vi.waitFor(() => {
      const [found] = /^http:\S+/.exec(output) ?? [];
      if (found === undefined) throw new Error('expected its address');
      return found;
    }, WITHIN);
    const open = (secret?: string) => {
      const sink = webhookSink({ url, secret, log: silentLog });
      onTestFinished(() => sink.close());
      return sink;
    };
    const ours = open(shared);
    const inGate = { current: ['gate'], entered: ['gate'], dwell_s: {} };
    await ours.write({ event: anEvent() });
    await ours.write({ event: anEvent() });
    await ours.write({ event: anEvent({ type: 'end', seq: 1, zones: inGate }) });
    for (const secret of [undefined, 'guessed']) {
      await expect(open(secret).write({ event: anEvent({ seq: 9 }) })).rejects.toMatchObject({
        code: 'SINK_WRITE',
        message: expect.stringContaining('401'),
      });
    }
    const half = connect(Number(new URL(url).port), '127.0.0.1');
    half.write('POST /hook HTTP/1.1\r\nhost: here\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n{');
    await once(half, 'data'); // it waits for the rest
    half.destroy();
    await expect(open('guessed').write({ event: anEvent({ seq: 9 }) })).rejects.toMatchObject({
      message: expect.stringContaining('401'),
    });
    const lines = () => output.trimEnd().split('\n').slice(1);
    await vi.waitFor(() => expect(lines()).toEqual(['new drive person', 'end drive person gate']), WITHIN);
  },
);

import { describe, expect, onTestFinished, test } from 'vitest';
import { clientOf, job, ready, saying, stay } from './stand-in.ts';

describe('an engine process', () => {
  test('that dies while it loads tells how, with its last words and no password', async () => {
    const client = await clientOf(
      `process.stderr.write('no AVX at rtsp://u:p@ss@cam'); process.exitCode = 7;`,
    );
    await expect(client.ready).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/ended with exit code 7: no AVX at rtsp:\/\/\*\*\*@cam/),
    });
  });

  test('that cannot load says why and what to do', async () => {
    const client = await clientOf(saying({ kind: 'unable', why: 'no such file', hint: 'Install it' }) + stay);
    await expect(client.ready).rejects.toMatchObject({ code: 'ENGINE_FAILED', hint: 'Install it' });
  });

  test('that babbles on the pipe is ended, and the batch is told that it was garbage', async () => {
    const client = await clientOf(`${ready} process.stdin.on('error', () => {});
      new (require('net').Socket)({ fd: 3 }).once('data', function () { this.write('babble babble'); }); ${stay}`);
    await client.ready;
    await expect(client.detect([job])).rejects.toMatchObject({
      code: 'ENGINE_ENDED',
      cause: { message: expect.stringContaining('expected FLCN') },
    });
  });

  test('refuses one batch and lives on', async () => {
    const client = await clientOf(`${ready} new (require('net').Socket)({ fd: 3 }).once('data', () => {
      ${saying({ kind: 'failed', id: 0, why: 'out of memory' })}
    });`);
    await client.ready;
    const batch = client.detect([job]);
    expect(client.outstanding).toBe(1);
    await expect(batch).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(client.outstanding).toBe(0);
  });

  test('answers as before after a batch that is too large to be sent', async () => {
    const client = await clientOf(`${ready} new (require('net').Socket)({ fd: 3 }).once('data', () => {
      ${saying({ kind: 'detections', id: 1, detections: [[]] })}
    });`);
    await client.ready;
    const frame = { width: 8_192, height: 4_096, data: new Uint8Array(8_192 * 4_096 * 3) };
    const large = { frame, squares: [] };
    await expect(client.detect([large, large, large])).rejects.toThrow('expected a payload of at most');
    expect(client.outstanding).toBe(0);
    expect(await client.detect([job])).toEqual([[]]);
  });

  test('that is gone takes no batch', async () => {
    const client = await clientOf(ready);
    await client.ready;
    await client.ended;
    await expect(client.detect([job])).rejects.toMatchObject({ code: 'ENGINE_ENDED' });
  });

  test('that holds on to its life is killed after two seconds', async () => {
    const client = await clientOf(`process.on('SIGTERM', () => {}); ${ready} ${stay}`);
    await client.ready;
    await Promise.all([client.close(), client.close()]);
    expect(await client.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  test('inherits nothing of an environment that may hold passwords', async () => {
    process.env['MQTT_PASSWORD'] = 'hush';
    onTestFinished(() => void delete process.env['MQTT_PASSWORD']);
    const client = await clientOf(`process.stderr.write(Object.keys(process.env).join());`);
    expect((await client.ended).stderr).not.toContain('MQTT_PASSWORD');
    await expect(client.ready).rejects.toThrow();
  });
});

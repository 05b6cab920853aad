import { onTestFinished } from 'vitest';
import { EngineClient } from '../../src/detector/engine-client.ts';
import { spawnChild } from '../../src/detector/pool.ts';
import { encodeHead } from '../../src/detector/protocol.ts';

/** A client of a Node process that runs `script` in place of an engine; ended with the test. */
export async function clientOf(script: string): Promise<EngineClient> {
  const client = new EngineClient(await spawnChild(['-e', script]));
  onTestFinished(() => client.close());
  return client;
}

/** JavaScript that says something on the pipe as an engine would. */
export function saying(words: unknown): string {
  const bytes = Buffer.from(encodeHead(words, 0)).toString('base64');
  return `require('fs').writeSync(3, Buffer.from('${bytes}', 'base64'));`;
}

export const ready = saying({ kind: 'ready', engine: { name: 'wasm', version: 'stand-in 1' } });

/** JavaScript that keeps the process there. */
export const stay = 'setInterval(() => {}, 1000);';

/** The smallest there is. */
export const job = { frame: { width: 1, height: 1, data: new Uint8Array(3) }, squares: [] };

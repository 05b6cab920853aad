/**
 * The program of an engine process: `engine-process ENGINE PRECISION MODEL_FOLDER FLOOR`, with file descriptor 3 for
 * both directions of protocol.ts. It loads the model, says `ready` or `unable`, answers batches in their order, and
 * ends when its end of the pipe does: no gateway, no engine.
 */
import { Socket } from 'node:net';
import { FalconetError } from '../core/error.ts';
import type { Engine, EngineName, Precision } from './engines/engine.ts';
import { loadEngine } from './engines/load.ts';
import { lookAtBatch } from './look.ts';
import { loadManifest, type Model } from './manifest.ts';
import type { Answer, Batch } from './messages.ts';
import { encodeHead, type Message, MessageReader } from './protocol.ts';
import { reasonOf } from './reason.ts';

interface Loaded {
  readonly engine: Engine;
  readonly model: Model;
}

const READ_BYTES = 2 ** 18;

const [engineName, precision, modelFolder, floor] = process.argv.slice(2) as [
  EngineName,
  Precision,
  string,
  string,
];
const reader = new MessageReader();
const pipe = new Socket({
  fd: 3,
  // One buffer for all reads, larger than Node's 64 KiB: a frame comes in a few pieces and leaves no garbage.
  onread: {
    buffer: Buffer.allocUnsafe(READ_BYTES),
    callback: (bytes, buffer) => take(buffer.subarray(0, bytes)),
  },
});
for (const event of ['end', 'close', 'error']) pipe.on(event, () => process.exit());
// A terminal's Ctrl-C reaches the whole group of processes; the gateway decides when we end.
process.on('SIGINT', () => {});

const loaded = load();
let turn: Promise<void> = loaded.then(
  ({ engine: { name, version } }) => say({ kind: 'ready', engine: { name, version } }),
  (error: unknown) => say(unable(error)),
);

/** Answers come in the order of the batches; between two squares of one, the pipe is read on. */
function take(chunk: Uint8Array): boolean {
  for (const message of reader.push(chunk)) turn = turn.then(() => answer(message));
  return true;
}

async function load(): Promise<Loaded> {
  const model = { ...(await loadManifest(modelFolder)), floor: Number(floor) };
  return { model, engine: await loadEngine(engineName, model, precision) };
}

async function answer({ header, payload }: Message): Promise<void> {
  const { id, jobs } = header as Batch;
  try {
    const { engine, model } = await loaded;
    say({ kind: 'detections', id, detections: await lookAtBatch(engine, model, jobs, payload) });
  } catch (error) {
    say({ kind: 'failed', id, why: reasonOf(error) });
  }
}

function unable(error: unknown): Answer {
  const hint = error instanceof FalconetError ? error.hint : undefined;
  return { kind: 'unable', why: reasonOf(error), ...(hint !== undefined && { hint }) };
}

function say(words: Answer): void {
  pipe.write(encodeHead(words, 0));
}

import { FalconetError } from '../core/error.ts';

/** One message: a small JSON header and, from parent to child, the pixels that it describes. */
export interface Message {
  readonly header: unknown;
  readonly payload: Uint8Array;
}

/** "FLCN": tells our messages from what a library might write to the same pipe. */
const MAGIC = 0x46_4c_43_4e;
/** Magic, bytes of the header and bytes of the payload, each uint32, big endian. */
const PREFIX_BYTES = 12;
/** Some 10,000 detections; a hundred times what a full batch answers. */
const MAX_HEADER_BYTES = 2 ** 20;
/** Ten frames of 4K; a camera's detect picture has under 1 MB. */
const MAX_PAYLOAD_BYTES = 2 ** 28;

/**
 * What goes before the payload on the wire. The payload itself follows as it is, so that pixels need no
 * copy in JavaScript.
 *
 * @param payloadBytes - how many bytes will follow, at most 256 MiB.
 */
export function encodeHead(header: unknown, payloadBytes: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const fault = sizeFault(json.length, payloadBytes);
  if (fault !== undefined) throw new TypeError(fault);
  const head = Buffer.allocUnsafe(PREFIX_BYTES + json.length);
  head.writeUInt32BE(MAGIC, 0);
  head.writeUInt32BE(json.length, 4);
  head.writeUInt32BE(payloadBytes, 8);
  json.copy(head, PREFIX_BYTES);
  return head;
}

/** Puts messages together again from pieces of any size. */
export class MessageReader {
  #part = Buffer.allocUnsafe(PREFIX_BYTES);
  #filled = 0;
  /** Of the message whose body is being read; unknown while its prefix is. */
  #headerBytes: number | undefined;

  /**
   * The messages that `chunk` completes, in their order; the chunk may be reused afterwards.
   *
   * @throws ENGINE_FAILED when the bytes are no message; nothing after that can be read.
   */
  push(chunk: Uint8Array): Message[] {
    const messages: Message[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      const piece = chunk.subarray(offset, offset + this.#part.length - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      offset += piece.length;
      if (this.#filled < this.#part.length) break;
      if (this.#headerBytes === undefined) this.#beginBody();
      else messages.push(this.#endBody(this.#headerBytes));
    }
    return messages;
  }

  #beginBody(): void {
    const headerBytes = this.#part.readUInt32BE(4);
    const payloadBytes = this.#part.readUInt32BE(8);
    const magic = this.#part.readUInt32BE(0);
    const fault = magic === MAGIC ? sizeFault(headerBytes, payloadBytes) : `expected FLCN, got ${hex(magic)}`;
    if (fault !== undefined) throw garbage(fault);
    this.#headerBytes = headerBytes;
    this.#part = Buffer.allocUnsafe(headerBytes + payloadBytes);
    this.#filled = 0;
  }

  #endBody(headerBytes: number): Message {
    const body = this.#part;
    this.#headerBytes = undefined;
    this.#part = Buffer.allocUnsafe(PREFIX_BYTES);
    this.#filled = 0;
    return {
      header: parseHeader(body.toString('utf8', 0, headerBytes)),
      payload: body.subarray(headerBytes),
    };
  }
}

function parseHeader(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw garbage('expected a header in JSON', cause);
  }
}

function sizeFault(headerBytes: number, payloadBytes: number): string | undefined {
  if (headerBytes < 1 || headerBytes > MAX_HEADER_BYTES) {
    return `expected a header of 1 to ${MAX_HEADER_BYTES} bytes, got ${headerBytes}`;
  }
  if (payloadBytes > MAX_PAYLOAD_BYTES) {
    return `expected a payload of at most ${MAX_PAYLOAD_BYTES} bytes, got ${payloadBytes}`;
  }
  return undefined;
}

function garbage(fault: string, cause?: unknown): FalconetError {
  return new FalconetError('ENGINE_FAILED', `engine process: bytes that are no message: ${fault}`, { cause });
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

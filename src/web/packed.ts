import type { BytesHead } from '../core/dashboard.ts';

/** A binary message of the WebSocket: the length of the head in four bytes, big end first, the head as JSON, the bytes. */
export function packed(head: BytesHead, bytes: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const message = Buffer.allocUnsafe(4 + text.length + bytes.length);
  message.writeUInt32BE(text.length, 0);
  text.copy(message, 4);
  message.set(bytes, 4 + text.length);
  return message;
}

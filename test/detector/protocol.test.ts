import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHead, type Message, MessageReader } from '../../src/detector/protocol.ts';

const messages = fc.array(
  fc.record({
    header: fc.jsonValue().map((value) => ({ value })),
    payload: fc.uint8Array({ maxLength: 300 }),
  }),
  { maxLength: 6 },
);

describe('messages between the gateway and an engine process', () => {
  test('arrive whole and in order however the pipe cuts them', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), (sent, cuts) => {
        const reader = new MessageReader();
        const received = chunks(wire(sent), cuts).flatMap((chunk) => reader.push(chunk));
        expect(received.map(plain)).toEqual(sent.map(plain));
      }),
    );
  });

  test('survive the reuse of the chunk that they came in', () => {
    const bytes = wire([{ header: { id: 1 }, payload: Uint8Array.of(1, 2, 3) }]);
    const [message] = new MessageReader().push(bytes);
    bytes.fill(0);
    expect(message && plain(message)).toEqual({ header: '{"id":1}', payload: [1, 2, 3] });
  });

  test.each([
    {
      name: 'text of a library',
      bytes: Buffer.from('W tensorflow: no CUDA'),
      says: /expected FLCN, got 0x5720/,
    },
    { name: 'no header', bytes: prefix(0, 5), says: /expected a header of 1 to 1048576 bytes, got 0/ },
    { name: 'an endless header', bytes: prefix(2 ** 31, 0), says: /expected a header of 1 to/ },
    {
      name: 'an endless payload',
      bytes: prefix(2, 2 ** 32 - 1),
      says: /expected a payload of at most 268435456/,
    },
    {
      name: 'a header that is not JSON',
      bytes: Buffer.concat([prefix(2, 0), Buffer.from('{]')]),
      says: /in JSON/,
    },
  ])('are refused in one clear sentence when they are $name', ({ bytes, says }) => {
    const read = () => new MessageReader().push(bytes);
    expect(read).toThrow(says);
    expect(read).toThrow(expect.objectContaining({ code: 'ENGINE_FAILED' }));
  });

  test('never make the reader do anything but read or refuse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 64 }), (bytes) => {
        try {
          expect(new MessageReader().push(bytes)).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENGINE_FAILED' });
        }
      }),
    );
  });

  test('cannot be written larger than they may be read', () => {
    expect(() => encodeHead({}, 2 ** 28 + 1)).toThrow(TypeError);
    expect(() => encodeHead('x'.repeat(2 ** 20), 0)).toThrow(TypeError);
  });
});

function wire(sent: readonly Message[]): Buffer {
  return Buffer.concat(sent.flatMap(({ header, payload }) => [encodeHead(header, payload.length), payload]));
}

function prefix(headerBytes: number, payloadBytes: number): Buffer {
  const bytes = Buffer.from('FLCN--------');
  bytes.writeUInt32BE(headerBytes, 4);
  bytes.writeUInt32BE(payloadBytes, 8);
  return bytes;
}

function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; offset += pieces.at(-1)?.length ?? 0) {
    const size = cuts[pieces.length % cuts.length] ?? 1;
    pieces.push(bytes.subarray(offset, offset + size));
  }
  return pieces;
}

function plain({ header, payload }: Message) {
  return { header: JSON.stringify(header), payload: [...payload] };
}

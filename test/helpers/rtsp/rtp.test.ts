import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interleaved, packetizer } from './rtp.ts';

/** NAL units out of RTP packets, by RFC 6184, sections 5.6 and 5.8. */
function depacketize(packets: readonly Buffer[]): Buffer[] {
  const nals: Buffer[] = [];
  for (const packet of packets) {
    const payload = packet.subarray(12);
    const [indicator = 0, header = 0] = payload;
    if ((indicator & 0x1f) !== 28) nals.push(payload);
    else if ((header & 0x80) !== 0) {
      nals.push(Buffer.concat([Buffer.from([(indicator & 0xe0) | (header & 0x1f)]), payload.subarray(2)]));
    } else nals.push(Buffer.concat([nals.pop() ?? Buffer.alloc(0), payload.subarray(2)]));
  }
  return nals;
}

const nal = fc
  .tuple(fc.integer({ min: 1, max: 23 }), fc.uint8Array({ minLength: 1, maxLength: 100 }))
  .map(([type, body]) => Buffer.from([0x60 | type, ...body]));

test('any picture comes out of its packets as it went in, and no packet is over the limit', () => {
  fc.assert(
    fc.property(
      fc.array(nal, { minLength: 1 }),
      fc.integer({ min: 3, max: 50 }),
      (nals, mostPayloadBytes) => {
        const packets = packetizer({ ssrc: 1, mostPayloadBytes }).packets(nals, 0);
        expect(depacketize(packets)).toEqual(nals);
        expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(
          12 + mostPayloadBytes,
        );
      },
    ),
  );
});

test('only the last packet of a picture is marked, all have its time, and numbers wrap', () => {
  const rtp = packetizer({ ssrc: 0xcafe, firstSequence: 65_534, mostPayloadBytes: 4 });
  const packets = rtp.packets([Buffer.from([0x65, 1, 2, 3, 4, 5])], 2 ** 32 + 9_000);

  expect(packets.map((packet) => packet.toString('hex'))).toEqual([
    '8060fffe000023280000cafe' + '7c850102',
    '8060ffff000023280000cafe' + '7c050304',
    '80e00000000023280000cafe' + '7c4505',
  ]);
});

test('a packet inside the connection is led by its channel and length', () => {
  expect(interleaved(2, Buffer.from('abc')).toString('latin1')).toBe('$\x02\x00\x03abc');
});

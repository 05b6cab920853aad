import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketReport } from '../../src/ffmpeg/packet-report.ts';

const HEAD = ['#tb 0: 1/1000', '#media_type 0: video', '#codec_id 0: hevc', '#dimensions 0: 1920x1080'];

function report(lines: readonly string[]): PacketReport {
  const made = new PacketReport();
  for (const line of lines) made.push(line);
  return made;
}

function packet(dts: number, bytes: number, flags = ''): string {
  return `0, ${String(dts).padStart(10)}, ${String(dts).padStart(10)},       40, ${bytes}, 0x0238479a${flags}`;
}

test('nothing is known of a stream without packets', () => {
  expect(report([]).facts()).toEqual({
    codec: 'unknown',
    width: 0,
    height: 0,
    fps: undefined,
    keyframeSeconds: undefined,
    kbps: undefined,
  });
});

test('a single picture has a size and no rate', () => {
  const made = report([...HEAD, packet(0, 1_000)]);
  expect(made.facts()).toMatchObject({ codec: 'hevc', width: 1920, height: 1080, fps: undefined });
  expect(made.keyframes).toBe(1);
});

test('the rate holds although the first packets of a camera come with times squeezed together', () => {
  const burst = [0, 0, 1, 1].map((dts) => packet(dts, 100, ', F=0x0'));
  const even = [200, 400, 600, 800].map((dts) => packet(dts, 100, ', F=0x0'));
  expect(report([...HEAD, ...burst, ...even]).facts().fps).toBe(5);
});

test('flags beside that of a key frame make no other of it, and side data is no flag', () => {
  const made = report([
    packet(0, 1, ', F=0x5'),
    packet(1, 1, ', S=1,        8, 0x05a70156'),
    packet(2, 1, ', F=0x4'),
  ]);
  expect(made.keyframes).toBe(2);
});

test('whatever rate and distance of key frames a stream has, they are found', () => {
  const streams = fc.record({
    step: fc.integer({ min: 20, max: 2_000 }),
    gop: fc.integer({ min: 1, max: 250 }),
    bytes: fc.integer({ min: 1, max: 1e6 }),
  });
  fc.assert(
    fc.property(streams, ({ step, gop, bytes }) => {
      const packets = Array.from({ length: gop * 2 + 1 }, (_, i) =>
        packet(i * step, bytes, i % gop === 0 ? '' : ', F=0x0'),
      );
      const facts = report([...HEAD, ...packets]).facts();
      expect(facts.fps).toBeCloseTo(1_000 / step, 1);
      expect(facts.keyframeSeconds).toBeCloseTo((gop * step) / 1_000, 1);
      expect(Math.abs((facts.kbps ?? 0) - (bytes * 8) / step)).toBeLessThan(0.5 + 1e-6); // rounded, whichever way a half goes
    }),
  );
});

test('an hour of video with one key frame does not hold up whoever waits for the second', () => {
  const made = report([...HEAD, packet(0, 1)]);
  for (let i = 1; i < 90_000 && made.keyframes < 2; i++) made.push(packet(i * 40, 1, ', F=0x0'));
  expect(made.packets).toBe(90_000);
});

test('noise between the lines is left out', () => {
  const made = report(['', '[h264 @ 0x1] error', '0, x, 1', '#', ...HEAD, packet(0, 9)]);
  expect(made.packets).toBe(1);
});

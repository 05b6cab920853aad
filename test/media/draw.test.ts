import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Detection } from '../../src/core/detection.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { drawDetections, overlaySvg } from '../../src/media/draw.ts';

const SIZE = { width: 320, height: 240 };
const plain = (level: number) => ({ ...SIZE, data: new Uint8Array(320 * 240 * 3).fill(level) });
const person: Detection = { label: 'person', score: 0.876, box: [0.25, 0.25, 0.5, 0.5] };

/** How much of a row of pixels is not the background any more. */
async function changed(jpeg: Buffer, background: number, y: number): Promise<number> {
  const row = await sharp(jpeg).extract({ left: 80, top: y, width: 160, height: 1 }).raw().toBuffer();
  return row.filter((value) => Math.abs(value - background) > 40).length / row.length;
}

describe('a drawn box', () => {
  test.each([{ background: 0 }, { background: 128 }, { background: 255 }])(
    'can be seen on grey of $background, where the detection is and only there',
    async ({ background }) => {
      const jpeg = await drawDetections(plain(background), [person]);
      expect(await sharp(jpeg).metadata()).toMatchObject({ ...SIZE, format: 'jpeg' });
      expect(await changed(jpeg, background, 60)).toBeGreaterThan(0.3);
      expect(await changed(jpeg, background, 180)).toBeGreaterThan(0.3);
      expect(await changed(jpeg, background, 120)).toBeLessThan(0.1);
      expect(await changed(jpeg, background, 220)).toBe(0);
    },
  );

  test('no detections leave the picture as it was', async () => {
    const jpeg = await drawDetections(plain(128), []);
    expect(await changed(jpeg, 128, 60)).toBe(0);
  });

  test('is there on a system without fonts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'falconet-fontless-'));
    try {
      const config = join(folder, 'fonts.conf');
      writeFileSync(config, '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>');
      const script = `
        import { drawDetections } from ${JSON.stringify(join(packageRoot, 'src/media/draw.ts'))};
        const picture = { width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(128) };
        process.stdout.write(await drawDetections(picture, [${JSON.stringify(person)}]));`;
      const env = { ...process.env, FONTCONFIG_FILE: config };
      const jpeg = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(await changed(jpeg, 128, 180)).toBeGreaterThan(0.3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('a label cannot break out of the drawing', async () => {
  const label = fc.string({ unit: 'binary', maxLength: 20 });
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const detection = fc.record({ label, score: unit, box: fc.tuple(unit, unit, unit, unit) });
  await fc.assert(
    fc.asyncProperty(fc.array(detection, { maxLength: 4 }), async (detections) => {
      const svg = overlaySvg(SIZE, detections);
      expect(svg.match(/</g)).toHaveLength(2 + 5 * detections.length);
      await expect(sharp(Buffer.from(svg)).raw().toBuffer()).resolves.toHaveLength(320 * 240 * 4);
    }),
    { numRuns: 50 },
  );
});

test('label and score are written, the best detection on top', () => {
  const weak: Detection = { label: 'a < b & "c"', score: 0.1, box: [0, 0, 1, 1] };
  const svg = overlaySvg(SIZE, [person, weak]);
  expect(svg).toContain('>a &lt; b &amp; "c" 10%</text>');
  expect(svg.indexOf('person 88%')).toBeGreaterThan(svg.indexOf('10%'));
});

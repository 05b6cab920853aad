import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { eventSchema } from '../../src/core/schema/event.ts';
import { encodeJpeg, withImage } from '../../src/media/image.ts';
import { anEvent } from '../helpers/events.ts';

test('the JPEG shows the frame: size and colours survive', async () => {
  const [width, height] = [64, 48];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(i < data.length / 2 ? [250, 10, 10] : [10, 10, 250], i);

  const jpeg = await encodeJpeg({ width, height, data });
  const { data: pixels, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });

  expect(info).toMatchObject({ width, height, channels: 3 });
  for (const [at, wanted] of [
    [0, 250],
    [2, 10],
    [pixels.length - 3, 10],
    [pixels.length - 1, 250],
  ] as const) {
    expect(Math.abs((pixels[at] ?? 0) - wanted)).toBeLessThan(12);
  }
});

test('a slot of a larger pool is encoded as it is, and the wrong number of bytes is refused', async () => {
  const pool = new Uint8Array(3 * 8 * 8 * 3).fill(200);
  const slot = pool.subarray(8 * 8 * 3, 2 * 8 * 8 * 3);
  expect(await sharp(await encodeJpeg({ width: 8, height: 8, data: slot })).metadata()).toMatchObject({
    width: 8,
  });
  await expect(encodeJpeg({ width: 9, height: 8, data: slot })).rejects.toThrow();
});

test('the event names its picture so that a reader can check what came', () => {
  const event = anEvent({ seq: 2 });
  const jpeg = Buffer.from('not really a picture');
  const delivery = withImage(event, jpeg);
  expect(delivery.image).toBe(jpeg);
  expect(eventSchema.parse(delivery.event).image).toEqual({
    ref: `drive/${event.id}-2.jpg`,
    sha256: createHash('sha256').update(jpeg).digest('hex'),
    time: event.time,
    source: 'detect',
    offset_ms: 0,
    box: event.box,
  });
  expect(event.image).toBeNull();
});

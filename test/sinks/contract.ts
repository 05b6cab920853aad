import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import type { Sink } from '../../src/core/sink.ts';
import { anEvent } from '../helpers/events.ts';

/** A sink and the place that it writes to. */
export interface Bench {
  readonly sink: Sink;
  /** Events that arrived, oldest first, once there are `count`. */
  arrived(count: number): Promise<FalconetEvent[]>;
  /** Takes the place away, so that nothing can be written. */
  breakPlace(): Promise<void>;
  tearDown(): Promise<void>;
}

/** What every sink promises to the pipeline. */
export function sinkContract(name: string, open: () => Promise<Bench>): void {
  describe(`every sink: ${name}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      await bench.sink.close();
      await bench.tearDown();
    });

    test('writes whole events in order, each with its lateness', async () => {
      const events = [0, 1, 2].map((seq) => anEvent({ seq, stream_seq: seq }));
      for (const event of events) await bench.sink.write({ event });
      const arrived = await bench.arrived(3);
      expect(arrived.map(({ late_s, ...rest }) => rest)).toEqual(events.map(({ late_s, ...rest }) => rest));
      for (const event of arrived) {
        expect(eventSchema.parse(event)).toEqual(event);
        expect(event.late_s).toBeCloseTo((Date.now() - Date.parse(event.time)) / 1000, -1);
      }
    });

    test('takes a picture that the event names', async () => {
      await expect(
        bench.sink.write({ event: anEvent(), image: Buffer.from('jpeg') }),
      ).resolves.toBeUndefined();
      expect(await bench.arrived(1)).toHaveLength(1);
    });

    test('answers a write with an error of the sinks when its place is gone for good', async () => {
      await bench.breakPlace();
      const write = bench.sink.write({ event: anEvent() });
      const outcome = write.catch((error: unknown) => error);
      await bench.sink.close();
      expect(await outcome).toMatchObject({ code: expect.stringMatching(/^SINK_(OFFLINE|WRITE)$/) });
    });

    test('refuses what comes after its close', async () => {
      await bench.sink.close();
      await expect(bench.sink.write({ event: anEvent() })).rejects.toMatchObject({ code: 'SINK_OFFLINE' });
    });

    test('closes twice without a rejection, its place gone or not', async () => {
      await bench.sink.close();
      await expect(bench.sink.close()).resolves.toBeUndefined();
    });

    test('closes without a rejection when its place is gone, within 5 s', async () => {
      await bench.breakPlace();
      const began = performance.now();
      await expect(bench.sink.close()).resolves.toBeUndefined();
      expect(performance.now() - began).toBeLessThan(5000);
    });
  });
}

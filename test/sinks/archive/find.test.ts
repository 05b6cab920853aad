import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventQuery } from '../../../src/core/event-archive.ts';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import { anEvent } from '../../helpers/events.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { anArchive } from './archive.ts';

const DAY = Date.UTC(2026, 10, 24);
const isoAt = (s: number) => new Date(DAY + s * 1_000).toISOString();
const cameras = ['drive', 'yard'];
const labels = ['person', 'car'];
const zones = ['gate', 'path'];

const life = fc.record({
  at: fc.integer({ min: 0, max: 30 }),
  lasts: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null, freq: 4 }),
  camera: fc.constantFrom(...cameras),
  label: fc.constantFrom(...labels),
  entered: fc.subarray(zones),
});
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const query = fc.record({
  camera: some(fc.constantFrom(...cameras, 'none')),
  label: some(fc.constantFrom(...labels)),
  zone: some(fc.constantFrom(...zones)),
  since: some(fc.integer({ min: 0, max: 50 })),
  until: some(fc.integer({ min: 0, max: 50 })),
  limit: fc.integer({ min: 1, max: 8 }),
});

/** What is asked for, by looking at each. */
function found(events: readonly FalconetEvent[], { camera, label, zone, since, until }: EventQuery) {
  return events
    .filter((event) => camera === undefined || event.camera === camera)
    .filter((event) => label === undefined || event.label === label)
    .filter((event) => zone === undefined || event.zones.entered.includes(zone))
    .filter(({ end }) => since === undefined || end === null || Date.parse(end) >= since)
    .filter(({ start }) => until === undefined || Date.parse(start) < until)
    .toSorted((a, b) => b.start.localeCompare(a.start) || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

test('any search finds just the lives that it asks for, latest first, page by page', async () => {
  const lives = fc.sample(life, { numRuns: 200, seed: 4 });
  const events = lives.map(({ at, lasts, entered, ...rest }, i) =>
    anEvent({
      ...rest,
      id: `life-${i}`,
      start: isoAt(at),
      time: isoAt(at + (lasts ?? 0)),
      end: lasts === null ? null : isoAt(at + lasts),
      zones: { current: [], entered, dwell_s: {} },
    }),
  );
  const { sink, archive } = anArchive(tempFolder());
  await Promise.all(events.map((event) => sink.write({ event })));

  await fc.assert(
    fc.asyncProperty(query, async ({ since, until, limit, ...conditions }) => {
      const wanted: EventQuery = JSON.parse(
        JSON.stringify({
          ...conditions,
          since: since && DAY + since * 1_000,
          until: until && DAY + until * 1_000,
        }),
      );
      const pages: string[] = [];
      for (let page = await archive.find({ ...wanted, limit }); page.length > 0; ) {
        pages.push(...page.map(({ id }) => id));
        const before = page.at(-1);
        if (page.length < limit || before === undefined) break;
        page = await archive.find({ ...wanted, limit, before });
      }
      expect(pages).toEqual(found(events, wanted));
    }),
    { numRuns: 150 },
  );
});

test('a limit that is none is a mistake of the caller', async () => {
  const { archive } = anArchive(tempFolder());
  for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
    await expect(archive.find({ limit })).rejects.toThrow(TypeError);
  }
});

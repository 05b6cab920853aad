import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventSchema } from '../../src/core/schema/event.ts';
import { GOLDEN_CLIPS, goldenFolder, logText, replayGolden } from '../helpers/golden.ts';
import { compare, truthOf } from '../helpers/truth.ts';

// A difference that is wanted: npm run golden, and look at what it writes.
test.each(GOLDEN_CLIPS)('%s: recorded detections give the events that they gave before', async (clip) => {
  const events = await replayGolden(clip);
  expect(logText(events)).toBe(readFileSync(join(goldenFolder(clip), 'events.jsonl'), 'utf8'));
  for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
});

test.each(GOLDEN_CLIPS)(
  '%s: each object that a person sees has one event, and each crossing is counted once',
  async (clip) => {
    const { missed, extra, crossings } = compare(await replayGolden(clip), truthOf(clip));
    expect({ missed, extra }).toEqual({ missed: [], extra: [] });
    for (const { apartS } of Object.values(crossings)) expect(apartS).toBeLessThan(1);
  },
);

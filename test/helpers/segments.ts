import { lastValueFrom, toArray } from 'rxjs';
import { onTestFinished } from 'vitest';
import { monotonic } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Segment } from '../../src/core/segment.ts';
import { type Children, createChildren } from '../../src/ffmpeg/children.ts';
import type { Ffmpeg } from '../../src/ffmpeg/find.ts';
import { recordedSegments } from '../../src/streams/recorded-segments.ts';
import { tempFolder } from './temp-folder.ts';

/** Children that are gone when the running test has finished. */
export function testChildren(): Children {
  const children = createChildren();
  onTestFinished(() => children.closeAll());
  return children;
}

/** A whole file as a camera's recording. It is read fast, so only the times between segments are those of a camera. */
export function segmentsOf(file: string, ffmpeg: Ffmpeg): Promise<Segment[]> {
  const segments = recordedSegments({
    camera: 'drive',
    source: { kind: 'file', path: file, pace: 'fast', loop: false },
    folder: tempFolder(),
    ffmpeg,
    children: testChildren(),
    clock: monotonic(),
    log: silentLog,
    secrets: [],
  });
  return lastValueFrom(segments.pipe(toArray()), { defaultValue: [] });
}

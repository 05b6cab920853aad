import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Segment } from '../core/segment.ts';

/** Segments as one stream of bytes. One that is gone by now is left out: MPEG-TS goes on after a gap. */
export function segmentBytes(segments: readonly Segment[]): Readable {
  return Readable.from(bytesOf(segments), { objectMode: false });
}

async function* bytesOf(segments: readonly Segment[]): AsyncGenerator<Uint8Array> {
  for (const { path } of segments) {
    try {
      yield* createReadStream(path) as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

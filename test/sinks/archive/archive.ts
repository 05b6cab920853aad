import { onTestFinished } from 'vitest';
import type { Delivery, Sink } from '../../../src/core/sink.ts';
import { type ArchiveSinkOptions, archiveSink } from '../../../src/sinks/archive/archive-sink.ts';
import { openEventArchive } from '../../../src/sinks/archive/event-archive.ts';
import type { ArchiveLimits } from '../../../src/sinks/archive/messages.ts';
import { anEvent, anImage } from '../../helpers/events.ts';

export const PLENTY: ArchiveLimits = { maxAgeMs: 30 * 86_400_000, maxBytes: 1e9, reserveBytes: 0 };

export function recorder() {
  const lines: string[] = [];
  const write = (_: object, sentence: string) => void lines.push(sentence);
  return { lines, log: { debug: () => {}, info: write, warn: write, error: write } };
}

/** A sink and what reads it, both closed when the test ends. */
export function anArchive(
  folder: string,
  {
    limits,
    ...options
  }: Partial<Omit<ArchiveSinkOptions, 'limits'>> & {
    readonly limits?: Partial<ArchiveLimits>;
  } = {},
) {
  const { lines, log } = recorder();
  const sink = archiveSink({ folder, limits: { ...PLENTY, ...limits }, log, ...options });
  const archive = openEventArchive(folder);
  onTestFinished(async () => {
    await sink.close();
    await archive.close();
  });
  return { sink, archive, lines };
}

/** A life that begins so many seconds into 2026-11-24 and lasts as long as told. */
export function aLife(
  number: number,
  { at = number, lasts = 10 as number | null, picture = 0, ...changes } = {},
): Delivery {
  const time = (s: number) => new Date(Date.UTC(2026, 10, 24) + s * 1_000).toISOString();
  const id = `drive-${time(at).replaceAll(/[-:]/g, '')}-${number}`;
  return {
    event: anEvent({
      id,
      type: lasts === null ? 'new' : 'end',
      seq: lasts === null ? 0 : 1,
      start: time(at),
      time: time(at + (lasts ?? 0)),
      end: lasts === null ? null : time(at + lasts),
      ...(picture > 0 && { image: { ...anImage(), ref: `drive/${id}-0.jpg` } }),
      ...changes,
    }),
    ...(picture > 0 && { image: new Uint8Array(picture).fill(number) }),
  };
}

export async function writeAll(sink: Sink, deliveries: readonly Delivery[]): Promise<void> {
  await Promise.all(deliveries.map((delivery) => sink.write(delivery)));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Delivery } from '../../core/sink.ts';
import { lineFile } from './line-file.ts';

/** Where `--out` keeps events and pictures. */
export interface OutFolder {
  /** The picture is there before the line that names it. */
  keep(delivery: Delivery): void;
  close(): void;
}

/**
 * Writes events to `events.jsonl`, which begins anew, and pictures to `images/<image.ref>`. At once and not by a sink's
 * queue: a replay waits for its disk and drops nothing.
 */
export function openOutFolder(folder: string): OutFolder {
  mkdirSync(folder, { recursive: true });
  const events = lineFile(join(folder, 'events.jsonl'));
  return {
    keep({ event, image }) {
      if (image !== undefined && event.image !== null) {
        const path = join(folder, 'images', event.image.ref); // made of a camera's key, a time and numbers
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, image);
      }
      events.write(event);
    },
    close: events.close,
  };
}

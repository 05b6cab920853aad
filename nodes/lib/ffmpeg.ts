import type { Log } from '../../src/core/log.ts';
import { type Ffmpeg, findFfmpeg } from '../../src/ffmpeg/find.ts';

let found: Promise<Ffmpeg> | undefined;

/**
 * The ffmpeg of all nodes, looked for once; after a failure again, since one may have been installed.
 *
 * @throws FFMPEG_MISSING
 */
export function sharedFfmpeg(log: Log): Promise<Ffmpeg> {
  found ??= findFfmpeg({ log }).catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

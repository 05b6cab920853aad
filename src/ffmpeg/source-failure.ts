import type { FfmpegSource } from '../core/camera-source.ts';
import { FalconetError } from '../core/error.ts';
import type { ChildExit } from './child.ts';
import { hintFor, reasonOf } from './reasons.ts';

export interface FailedSource {
  readonly camera: string;
  readonly source: FfmpegSource;
  readonly exit: ChildExit;
}

/** SOURCE_ENDED for an ffmpeg that ended too early, its `facts.reason` told by what it said. */
export function sourceFailure({ camera, source, exit }: FailedSource): FalconetError {
  const said = reasonOf(exit.stderr, exit.exitCode);
  // A camera may hang up before its first frame; a file that ends in silence without one has none.
  const reason = said === 'stream-ended' && source.kind === 'file' ? 'not-video' : said;
  const name = source.kind === 'file' ? source.path : 'its stream';
  const hint = hintFor(reason);
  return new FalconetError('SOURCE_ENDED', `${camera}: expected video from ${name}, got ${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    facts: { reason, ...exit },
  });
}

import { firstValueFrom } from 'rxjs';
import type { NodeCamera } from '../../src/config/node-settings.ts';
import { systemClock } from '../../src/core/clock.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Log } from '../../src/core/log.ts';
import { createChildren } from '../../src/ffmpeg/children.ts';
import { type Probe, probeSource } from '../../src/ffmpeg/probe.ts';
import { encodeJpeg } from '../../src/media/image.ts';
import { privacyMask } from '../../src/media/mask.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { cameraFrames } from '../../src/streams/camera-frames.ts';
import { sharedFfmpeg } from '../lib/ffmpeg.ts';

/** What a camera shows now. */
export interface Still {
  /** JPEG, base64. */
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** What it sends, before anything is made smaller; pictures asked for one by one tell less. */
  readonly stream?: Pick<Probe, 'codec' | 'width' | 'height' | 'fps' | 'keyframeSeconds'>;
}

const quiet = (): void => {};
/** Whoever asked is told what went wrong. */
const SILENT: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/**
 * Asks a camera once, for at most 15 s until its first packet, and leaves no process. What its privacy masks hide is
 * black.
 *
 * @throws what its source throws, FFMPEG_MISSING
 */
export async function takeStill({ name, source, settings, secrets }: NodeCamera): Promise<Still> {
  const ffmpeg = await sharedFfmpeg(SILENT);
  const children = createChildren();
  const common = { camera: name, ffmpeg, children, secrets };
  try {
    const frame = await firstValueFrom(
      cameraFrames({
        ...common,
        source,
        fps: settings.fps,
        decode: decodePicture,
        clock: systemClock,
        log: SILENT,
        once: true,
        onState: quiet,
        onDrop: quiet,
      }),
      { defaultValue: undefined },
    );
    if (frame === undefined) throw new FalconetError('SOURCE_ENDED', `${name}: expected a picture, got none`);
    if (settings.masks.privacy.length > 0) privacyMask(settings.masks.privacy).paint(frame);
    const image = (await encodeJpeg(frame)).toString('base64');
    const { width, height } = frame;
    frame.release();
    if (source.kind === 'poll') return { image, width, height };
    const { codec, fps, keyframeSeconds, ...size } = await probeSource({ ...common, source });
    return {
      image,
      width,
      height,
      stream: { codec, width: size.width, height: size.height, fps, keyframeSeconds },
    };
  } finally {
    await children.closeAll();
  }
}

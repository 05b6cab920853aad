import type { Clock } from '../../src/core/clock.ts';
import type { Live } from '../../src/core/live.ts';
import type { Log } from '../../src/core/log.ts';
import { liveVideo } from '../../src/pipeline/live-video.ts';
import { type CopiedVideo, type FrameHandle, type Reading, readingOf } from '../lib/frame-handle.ts';

export interface CopiedVideosOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A camera has video now that had none. */
  readonly onVideo: () => void;
  /** *camera in* reads a camera no more, or begins anew. */
  readonly onEnd: (camera: string) => void;
}

/** Cameras' own video, as long as *camera in* reads them and hides nothing. */
export interface CopiedVideos extends Pick<Live, 'video'> {
  /** A frame by which the camera may be known; it has to be there still. */
  meet(handle: FrameHandle): void;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

export function copiedVideos({ clock, log, onVideo, onEnd }: CopiedVideosOptions): CopiedVideos {
  const secrets = new Set<string>();
  const copied = new Map<string, { readonly by: Reading; readonly video: CopiedVideo }>();
  const heard = new WeakSet<Reading>();
  /** Of cameras of one name, one of which has no video: else it would come and go with each frame. */
  const refused = new WeakSet<Reading>();
  const closing = new AbortController();
  const live = liveVideo({ clock, log, secrets });

  const use = ({ ffmpeg }: CopiedVideo): void =>
    live.use(new Map([...copied].map(([camera, { video }]) => [camera, video.source])), ffmpeg);
  const drop = (camera: string, by: Reading): void => {
    const known = copied.get(camera);
    if (known?.by !== by) return;
    copied.delete(camera);
    use(known.video);
  };
  const listen = (camera: string, reading: Reading): void => {
    if (heard.has(reading)) return;
    heard.add(reading);
    const ended = (): void => {
      drop(camera, reading);
      onEnd(camera);
    };
    reading.ended.addEventListener('abort', ended, { once: true, signal: closing.signal });
  };

  return {
    video: live.video,
    meet(handle) {
      const { camera } = handle;
      const reading = readingOf(handle);
      if (reading === undefined) return;
      listen(camera, reading);
      const { video } = reading;
      const known = copied.get(camera);
      if (known !== undefined && video === undefined) {
        refused.add(known.by);
        drop(camera, known.by);
      }
      if (known !== undefined || video === undefined || refused.has(reading)) return;
      for (const secret of video.secrets) secrets.add(secret);
      copied.set(camera, { by: reading, video });
      use(video);
      onVideo();
    },
    close() {
      closing.abort();
      return live.close();
    },
  };
}

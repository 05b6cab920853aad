import { asError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import type { Live, LivePicture, LiveTracks, SeenTrack } from '../core/live.ts';
import type { Log } from '../core/log.ts';
import { encodeJpeg } from '../media/image.ts';

/** Shows viewers the frames that a pipeline has judged. */
export interface LivePictures extends Pick<Live, 'pictures' | 'tracks'> {
  /** To be called before the frame is released; costs nothing while nobody watches the camera. */
  show(frame: Frame, judged: readonly SeenTrack[]): void;
  /** Nobody is to see what was shown of the camera before, the picture that is being encoded included. */
  forget(camera: string): void;
}

interface Watched {
  readonly pictures: Set<(picture: LivePicture) => void>;
  readonly tracks: Set<(tracks: LiveTracks) => void>;
  /** The newest picture, for who comes next: a quiet camera may have no other for a while. */
  newest?: LivePicture;
  /** The picture that is being encoded, if anybody may still see it. */
  encoding?: LiveTracks;
}

/**
 * One JPEG a frame, whoever many watch. The pixels are copied first, so that no viewer holds a place of the camera's
 * pool.
 */
export function livePictures({ log }: { readonly log: Log }): LivePictures {
  const cameras = new Map<string, Watched>();

  function watch<K extends 'pictures' | 'tracks'>(
    camera: string,
    kind: K,
    listener: Watched[K] extends Set<infer L> ? L : never,
  ): () => void {
    const watched = cameras.get(camera) ?? { pictures: new Set(), tracks: new Set() };
    cameras.set(camera, watched);
    const listeners = watched[kind] as Set<typeof listener>;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (watched.pictures.size === 0) delete watched.newest;
      if (watched.pictures.size + watched.tracks.size === 0 && cameras.get(camera) === watched) {
        cameras.delete(camera);
      }
    };
  }

  async function encode(watched: Watched, pixels: Uint8Array, seen: LiveTracks): Promise<void> {
    watched.encoding = seen;
    try {
      const jpeg = await encodeJpeg({ ...seen, data: pixels });
      if (watched.encoding !== seen) return; // forgotten meanwhile
      const picture: LivePicture = { ...seen, jpeg };
      if (watched.pictures.size > 0) watched.newest = picture;
      for (const listener of watched.pictures) listener(picture);
    } catch (error) {
      log.warn({ camera: seen.camera, error: asError(error).message }, 'a viewer misses a picture');
    } finally {
      if (watched.encoding === seen) delete watched.encoding;
    }
  }

  return {
    pictures(camera, onPicture) {
      const stop = watch(camera, 'pictures', onPicture);
      const newest = cameras.get(camera)?.newest;
      if (newest !== undefined) onPicture(newest);
      return stop;
    },
    forget(camera) {
      const watched = cameras.get(camera);
      delete watched?.newest;
      delete watched?.encoding;
    },
    tracks: (camera, onTracks) => watch(camera, 'tracks', onTracks),
    show(frame, all) {
      const watched = cameras.get(frame.camera);
      if (watched === undefined || frame.data.length === 0) return;
      const { camera, seq, wallTime, width, height } = frame;
      const seen: LiveTracks = { camera, seq, wallTime, width, height, judged: all.filter(isShown) };
      for (const listener of watched.tracks) listener(seen);
      if (watched.pictures.size === 0 || watched.encoding !== undefined) return;
      void encode(watched, frame.data.slice(), seen);
    },
  };
}

function isShown({ track }: SeenTrack): boolean {
  return track.confirmed && !track.ended;
}

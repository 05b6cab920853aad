import type { Frame } from './frame.ts';
import type { Track } from './track.ts';

/** What viewers are shown of an object. */
export interface SeenTrack {
  readonly track: Pick<Track, 'id' | 'label' | 'box' | 'path' | 'stationary' | 'confirmed' | 'ended'> & {
    readonly score: Pick<Track['score'], 'current'>;
  };
  /** The rules ask for it. */
  readonly admitted: boolean;
}

/** What a camera's rules and tracker made of a moment, for whoever looks on. */
export interface LiveTracks extends Pick<Frame, 'camera' | 'seq' | 'wallTime' | 'width' | 'height'> {
  /** Of tracks that are confirmed and open. */
  readonly judged: readonly SeenTrack[];
}

/** The picture of that moment, as the detector got it: private areas are black. */
export interface LivePicture extends LiveTracks {
  readonly jpeg: Uint8Array;
}

/** A camera's own video, not decoded. */
export type VideoPiece =
  | {
      readonly kind: 'start';
      /** Such as `video/mp4; codecs="avc1.64001F"` (RFC 6381). */
      readonly mime: string;
      /** `ftyp` and `moov`, which all pieces after it belong to. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'piece';
      /** One movie fragment: `moof` and `mdat` (ISO/IEC 14496-12). */
      readonly bytes: Uint8Array;
      /** Begins with a picture that stands for itself. */
      readonly isKey: boolean;
      /** When it arrived, ms since the epoch. */
      readonly at: number;
    }
  /** There is no such video of this camera, now or ever. */
  | { readonly kind: 'none' };

/** What viewers are shown. It costs something only while somebody watches; who gets a function back calls it to stop. */
export interface Live {
  /** Each frame that was judged or found quiet, newest only: one that comes while another is encoded is left out. */
  pictures(camera: string, onPicture: (picture: LivePicture) => void): () => void;
  tracks(camera: string, onTracks: (tracks: LiveTracks) => void): () => void;
  /** From the newest picture that stands for itself. */
  video(camera: string, onPiece: (piece: VideoPiece) => void): () => void;
}

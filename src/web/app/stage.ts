import type { CameraView, ShownTrack } from '../../core/dashboard.ts';
import { type CameraListener, takePictures } from './connection.ts';
import { drawOverlay, type OverlayParts } from './overlay.ts';
import { createPlayer } from './player.ts';
import { returns, tallies } from './state.ts';
import { word } from './text.ts';

export interface StageOptions {
  /** Holds two canvases, for the picture and for what is drawn over it, and a video. */
  readonly box: HTMLElement;
  readonly view: CameraView;
  readonly shows: () => OverlayParts['shows'];
  readonly onKind: (kind: 'pictures' | 'video') => void;
  /** Labels of what makes events are others in the picture that is shown now. */
  readonly onSeen: (labels: readonly string[]) => void;
  /** A picture was looked at that arrived at this time, ms since the epoch. */
  readonly onLooked: (at: number) => void;
}

/** Shows what comes of a camera, each picture together with its boxes. */
export interface Stage {
  readonly listener: CameraListener;
  /** Boxes, zones, lines and paths anew over the picture that is shown. */
  redraw(): void;
  close(): void;
}

type Head = Parameters<CameraListener['onPicture']>[0];

interface Boxes {
  readonly at: number;
  readonly tracks: readonly ShownTrack[];
}

/** Boxes are kept for so long, for a picture of video that is shown a moment later. */
const REMEMBERED_MS = 5_000;

export function createStage({ box, view, shows, onKind, onSeen, onLooked }: StageOptions): Stage {
  const [picture, overlay] = box.querySelectorAll('canvas') as unknown as [
    HTMLCanvasElement,
    HTMLCanvasElement,
  ];
  const video = box.querySelector('video') as HTMLVideoElement;
  let remembered: readonly Boxes[] = [];
  let newest = { at: 0, connection: returns.peek() };
  let drawn: readonly ShownTrack[] = [];
  let seen: string | undefined;

  function draw(tracks: readonly ShownTrack[]): void {
    fit(overlay, box);
    const zones = tallies.peek().get(view.camera)?.zones ?? {};
    const occupied = new Set(Object.keys(zones).filter((zone) => zones[zone]?.occupied));
    const wordOf = (label: string): string => word('label', label);
    drawOverlay(overlay, { view, tracks, occupied, shows: shows(), wordOf });
    drawn = tracks;
    const labels = tracks.filter(({ isEvent }) => isEvent).map(({ label }) => label);
    if (labels.join() === seen) return;
    seen = labels.join();
    onSeen(labels);
  }

  function show(kind: 'pictures' | 'video', { width, height }: Pick<Head, 'width' | 'height'>): void {
    onKind(kind);
    box.style.aspectRatio = `${width} / ${height}`;
  }

  function showPicture(head: Head, bitmap: ImageBitmap): void {
    // By its time: `seq` begins anew with the camera. Another connection may be to a gateway with another clock.
    const isOvertaken = newest.connection === returns.peek() && head.at < newest.at;
    if (!isOvertaken) {
      newest = { at: head.at, connection: returns.peek() };
      onLooked(head.at);
      show('pictures', head);
      picture.width = head.width;
      picture.height = head.height;
      picture.getContext('2d')?.drawImage(bitmap, 0, 0);
      box.dataset['shown'] = String(head.seq);
      draw(head.tracks);
    }
    bitmap.close();
  }

  const player = createPlayer({
    video,
    onShown(at) {
      show('video', { width: video.videoWidth, height: video.videoHeight });
      box.dataset['shown'] = String(at);
      draw(nearest(remembered, at));
    },
    onFailed: () => takePictures(view.camera),
  });

  return {
    listener: {
      onPicture(head, jpeg) {
        void createImageBitmap(jpeg).then(
          (bitmap) => showPicture(head, bitmap),
          () => {}, // damaged on the way: the next one comes
        );
      },
      onVideoStart: player.start,
      onVideo: player.push,
      onTracks({ at, tracks }) {
        onLooked(at);
        remembered = [...remembered.filter((one) => one.at > at - REMEMBERED_MS), { at, tracks }];
      },
    },
    redraw: () => draw(drawn),
    close: player.close,
  };
}

/** As many dots as the screen has there. */
function fit(canvas: HTMLCanvasElement, box: HTMLElement): void {
  const width = Math.round(box.clientWidth * devicePixelRatio);
  const height = Math.round(box.clientHeight * devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function nearest(remembered: readonly Boxes[], at: number): readonly ShownTrack[] {
  let best: Boxes | undefined;
  for (const one of remembered) {
    if (best === undefined || Math.abs(one.at - at) < Math.abs(best.at - at)) best = one;
  }
  return best?.tracks ?? [];
}

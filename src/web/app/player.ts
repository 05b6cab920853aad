/** Plays a camera's copied video as it comes, a moment late, and knows which picture of it is shown. */
export interface Player {
  readonly video: HTMLVideoElement;
  start(mime: string, bytes: ArrayBuffer): void;
  push(at: number, bytes: ArrayBuffer): void;
  close(): void;
}

export interface PlayerOptions {
  readonly video: HTMLVideoElement;
  /** A picture is shown that arrived at the gateway at this time, ms since the epoch. */
  readonly onShown: (at: number) => void;
  /** This browser does not play it. */
  readonly onFailed: () => void;
}

/** Behind the newest picture: enough for a camera's jitter. */
const BEHIND_S = 0.35;
const MOST_BEHIND_S = 1.5;
const KEPT_S = 12;
const MOST_WAITING = 300;

/** Whether this browser takes video piece by piece at all. */
export const canPlay =
  typeof MediaSource !== 'undefined' && 'requestVideoFrameCallback' in HTMLVideoElement.prototype;

export function createPlayer({ video, onShown, onFailed }: PlayerOptions): Player {
  /** By the time in the video at which each picture begins. */
  let arrivals: { readonly from: number; readonly at: number }[] = [];
  let waiting: { readonly at: number | undefined; readonly bytes: ArrayBuffer }[] = [];
  let source: MediaSource | undefined;
  let buffer: SourceBuffer | undefined;
  let isClosed = false;

  const end = (): number =>
    buffer && buffer.buffered.length > 0 ? buffer.buffered.end(buffer.buffered.length - 1) : 0;

  function next(): void {
    if (buffer === undefined || buffer.updating || isClosed) return;
    const from = end() - KEPT_S;
    const [first] = arrivals;
    if (first !== undefined && first.from < from - KEPT_S) {
      arrivals = arrivals.filter((one) => one.from >= from);
      buffer.remove(0, from);
      return;
    }
    const piece = waiting.shift();
    if (piece === undefined) return;
    if (piece.at !== undefined) arrivals.push({ from: end(), at: piece.at });
    try {
      buffer.appendBuffer(piece.bytes);
    } catch {
      onFailed();
    }
  }

  function follow(): void {
    const behind = end() - video.currentTime;
    if (end() > 0 && (behind > MOST_BEHIND_S || behind < 0))
      video.currentTime = Math.max(0, end() - BEHIND_S);
    if (video.paused) void video.play().catch(() => {}); // it is muted, so nothing but a closed page refuses it
  }

  function tellShown(_: number, { mediaTime }: VideoFrameCallbackMetadata): void {
    if (isClosed) return;
    const shown = arrivals.findLast(({ from }) => from <= mediaTime + 0.001);
    if (shown !== undefined) onShown(shown.at);
    video.requestVideoFrameCallback(tellShown);
  }
  video.requestVideoFrameCallback(tellShown);

  function release(): void {
    if (video.src !== '') URL.revokeObjectURL(video.src);
    source = undefined;
    buffer = undefined;
    arrivals = [];
    waiting = [];
  }

  return {
    video,
    start(mime, bytes) {
      release();
      if (!MediaSource.isTypeSupported(mime)) return onFailed();
      const opened = new MediaSource();
      source = opened;
      waiting = [{ at: undefined, bytes }];
      opened.addEventListener('sourceopen', () => {
        if (source !== opened) return;
        buffer = opened.addSourceBuffer(mime);
        buffer.mode = 'sequence'; // pieces left out for a slow line leave no hole
        buffer.addEventListener('updateend', () => {
          follow();
          next();
        });
        next();
      });
      video.src = URL.createObjectURL(opened);
    },
    push(at, bytes) {
      if (source === undefined) return;
      if (waiting.length >= MOST_WAITING) return onFailed();
      waiting.push({ at, bytes });
      next();
    },
    close() {
      isClosed = true;
      release();
      video.removeAttribute('src');
      video.load();
    },
  };
}

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CameraView, ShownTrack } from '../../core/dashboard.ts';
import { takePictures, watch } from './connection.ts';
import { drawOverlay } from './overlay.ts';
import { canPlay, createPlayer } from './player.ts';
import { addressOf, followInside } from './route.ts';
import { shown } from './shows.ts';
import { states, tallies } from './state.ts';
import { StateBadge } from './state-badge.tsx';
import { numberText, t, word } from './text.ts';

/** The live picture of a camera, with all that is drawn over it. */
export function Tile({ view, isLarge }: { readonly view: CameraView; readonly isLarge: boolean }) {
  const { camera } = view;
  const seen = useSignal<readonly string[]>([]);
  const kind = useSignal<'none' | 'pictures' | 'video'>('none');
  const stage = useRef<HTMLDivElement>(null);
  const rate = useSignal(0);
  const state = states.value.get(camera);
  const isOff = state?.state === 'disabled';
  const objects = seen.value.map((label) => word('label', label)).join(', ') || t('wall.nothing');
  usePicture({ stage, view, seen, kind, rate });

  return (
    <section class={isLarge ? 'tile large' : 'tile'} aria-label={camera} data-camera={camera}>
      <header>
        <h2>
          {isLarge ? (
            camera
          ) : (
            <a
              href={addressOf('wall', { camera })}
              onClick={followInside}
              title={t('wall.large', { camera })}
            >
              {camera}
            </a>
          )}
        </h2>
        <StateBadge state={state} />
      </header>
      <div class="stage" ref={stage} role="img" aria-label={t('wall.picture', { camera, objects })}>
        <canvas class="picture" hidden={isOff || kind.value === 'video'} />
        <video muted playsInline hidden={isOff || kind.value !== 'video'} />
        <canvas class="overlay" hidden={isOff} />
        {isOff && <p class="waiting">{t('state.disabled')}</p>}
        {!isOff && kind.value === 'none' && <p class="waiting">{t('wall.waiting')}</p>}
      </div>
      <footer>
        <Counts camera={camera} />
        <span class="quiet">
          {kind.value === 'video' ? t('wall.copied') : t('wall.pictures')} ·{' '}
          {t('wall.fps', { fps: numberText(rate.value) })}
        </span>
      </footer>
    </section>
  );
}

/** How many of each label are there now, which zones are occupied, and what has crossed the lines. */
function Counts({ camera }: { readonly camera: string }) {
  const tally = tallies.value.get(camera);
  const counts = Object.entries(tally?.counts ?? {}).filter(([, count]) => count > 0);
  const occupied = Object.entries(tally?.zones ?? {}).filter(([, zone]) => zone.occupied);
  const lines = Object.entries(tally?.lines ?? {}).map(([line, labels]) => {
    const totals = Object.values(labels);
    return {
      line,
      in: totals.reduce((sum, one) => sum + one.in, 0),
      out: totals.reduce((sum, one) => sum + one.out, 0),
    };
  });
  return (
    <ul class="counts">
      {counts.map(([label, count]) => (
        <li key={label}>
          <b>{count}</b> {word('label', label)}
        </li>
      ))}
      {occupied.map(([zone]) => (
        <li key={zone}>
          {zone}: {t('wall.occupied')}
        </li>
      ))}
      {lines.map((line) => (
        <li key={line.line}>{t('wall.line', line)}</li>
      ))}
    </ul>
  );
}

interface PictureParts {
  readonly stage: { readonly current: HTMLDivElement | null };
  readonly view: CameraView;
  /** Labels of what makes events. */
  readonly seen: { value: readonly string[] };
  readonly kind: { value: 'none' | 'pictures' | 'video' };
  /** Pictures looked at that came in a second, lately. */
  readonly rate: { value: number };
}

/** Ways of the tracks are kept for so long, for a picture of video that is shown a moment later. */
const REMEMBERED_MS = 5_000;

/** Watches the camera while the tile is on the screen, and draws each picture together with its boxes. */
function usePicture({ stage, view, seen, kind, rate }: PictureParts): void {
  const key = useMemo(() => JSON.stringify(view), [view]);
  const redraw = useRef(() => {});
  const tally = tallies.value.get(view.camera);
  const what = shown();
  const wanted = useRef(what);
  wanted.current = what;
  useEffect(() => {
    const box = stage.current;
    if (box === null) return;
    const [picture, overlay] = box.querySelectorAll('canvas') as unknown as [
      HTMLCanvasElement,
      HTMLCanvasElement,
    ];
    const video = box.querySelector('video') as HTMLVideoElement;
    let remembered: { at: number; tracks: readonly ShownTrack[] }[] = [];
    let newest = -1;
    let drawn: readonly ShownTrack[] = [];

    const count = rateOf(rate);
    const draw = (tracks: readonly ShownTrack[]): void => {
      fit(overlay, box);
      const now = tallies.peek().get(view.camera)?.zones ?? {};
      const occupied = new Set(Object.keys(now).filter((zone) => now[zone]?.occupied));
      const wordOf = (label: string): string => word('label', label);
      drawOverlay(overlay, { view, tracks, occupied, shows: wanted.current, wordOf });
      drawn = tracks;
      const names = tracks.filter(({ isEvent }) => isEvent).map(({ label }) => label);
      if (names.join() !== seen.value.join()) seen.value = names;
    };
    redraw.current = () => draw(drawn);
    const player = createPlayer({
      video,
      onShown(at) {
        kind.value = 'video';
        box.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
        box.dataset['shown'] = String(at);
        draw(nearest(remembered, at));
      },
      onFailed: () => takePictures(view.camera),
    });
    const listener = {
      onPicture: (
        head: { seq: number; at: number; width: number; height: number; tracks: readonly ShownTrack[] },
        jpeg: Blob,
      ) => {
        void createImageBitmap(jpeg).then(
          (bitmap) => {
            // Decoding may overtake; a sequence that starts anew is a new start of the camera.
            if (head.seq < newest && head.seq > newest - 50) return bitmap.close();
            newest = head.seq;
            count(head.at);
            kind.value = 'pictures';
            box.style.aspectRatio = `${head.width} / ${head.height}`;
            picture.width = head.width;
            picture.height = head.height;
            picture.getContext('2d')?.drawImage(bitmap, 0, 0);
            bitmap.close();
            box.dataset['shown'] = String(head.seq);
            draw(head.tracks);
          },
          () => {}, // damaged on the way: the next one comes
        );
      },
      onVideoStart: (mime: string, bytes: ArrayBuffer) => player.start(mime, bytes),
      onVideo: (at: number, bytes: ArrayBuffer) => player.push(at, bytes),
      onTracks: ({ at, tracks }: { at: number; tracks: readonly ShownTrack[] }) => {
        count(at);
        remembered = [...remembered.filter((one) => one.at > at - REMEMBERED_MS), { at, tracks }];
      },
    };
    let stop: (() => void) | undefined;
    const sight = new IntersectionObserver((entries) => {
      const isSeen = entries.at(-1)?.isIntersecting === true;
      if (isSeen) stop ??= watch(view.camera, listener, canPlay);
      else {
        stop?.();
        stop = undefined;
      }
    });
    sight.observe(box);
    const sizes = new ResizeObserver(() => redraw.current());
    sizes.observe(box);
    return () => {
      sight.disconnect();
      sizes.disconnect();
      stop?.();
      player.close();
    };
  }, [key]);
  useEffect(() => redraw.current(), [tally, JSON.stringify(what)]);
}

/** As many dots as the screen has there. */
function fit(canvas: HTMLCanvasElement, box: HTMLElement): void {
  const width = Math.round(box.clientWidth * devicePixelRatio);
  const height = Math.round(box.clientHeight * devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function nearest(remembered: readonly { at: number; tracks: readonly ShownTrack[] }[], at: number) {
  let best: (typeof remembered)[number] | undefined;
  for (const one of remembered) {
    if (best === undefined || Math.abs(one.at - at) < Math.abs(best.at - at)) best = one;
  }
  return best?.tracks ?? [];
}

const RATE_MS = 5_000;

/** Counts moments, ms since the epoch, into a rate a second over the last seconds. */
function rateOf(rate: { value: number }): (at: number) => void {
  let moments: number[] = [];
  return (at) => {
    moments = [...moments.filter((one) => one > at - RATE_MS && one < at), at];
    const span = at - (moments[0] ?? at);
    rate.value = span === 0 ? 0 : Math.round(((moments.length - 1) / span) * 10_000) / 10;
  };
}

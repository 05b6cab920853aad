import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CameraView } from '../../core/dashboard.ts';
import { watch } from './connection.ts';
import { canPlay } from './player.ts';
import { addressOf, followInside } from './route.ts';
import { shown } from './shows.ts';
import { createStage } from './stage.ts';
import { states, tallies } from './state.ts';
import { StateBadge } from './state-badge.tsx';
import { numberText, t, word } from './text.ts';

/** The live picture of a camera, with all that is drawn over it. */
export function Tile({ view, isLarge }: { readonly view: CameraView; readonly isLarge: boolean }) {
  const { camera } = view;
  const seen = useSignal<readonly string[]>([]);
  const kind = useSignal<'none' | 'pictures' | 'video'>('none');
  const place = useRef<HTMLDivElement>(null);
  const rate = useSignal(0);
  const state = states.value.get(camera);
  const isOff = state?.state === 'disabled';
  const objects = seen.value.map((label) => word('label', label)).join(', ') || t('wall.nothing');
  usePicture({ place, view, seen, kind, rate });

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
      <div class="stage" ref={place} role="img" aria-label={t('wall.picture', { camera, objects })}>
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
  readonly place: { readonly current: HTMLDivElement | null };
  readonly view: CameraView;
  /** Labels of what makes events. */
  readonly seen: { value: readonly string[] };
  readonly kind: { value: 'none' | 'pictures' | 'video' };
  /** Pictures looked at that came in a second, lately. */
  readonly rate: { value: number };
}

/** Watches the camera while the tile is on the screen. */
function usePicture({ place, view, seen, kind, rate }: PictureParts): void {
  const key = useMemo(() => JSON.stringify(view), [view]);
  const redraw = useRef(() => {});
  const tally = tallies.value.get(view.camera);
  const what = shown();
  const wanted = useRef(what);
  wanted.current = what;
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const stage = createStage({
      box,
      view,
      shows: () => wanted.current,
      onKind(next) {
        kind.value = next;
      },
      onSeen(labels) {
        seen.value = labels;
      },
      onLooked: rateOf(rate),
    });
    redraw.current = stage.redraw;
    const unsee = whileSeen(box, () => watch(view.camera, stage.listener, canPlay));
    const sizes = new ResizeObserver(stage.redraw);
    sizes.observe(box);
    return () => {
      unsee();
      sizes.disconnect();
      stage.close();
    };
  }, [key]);
  useEffect(() => redraw.current(), [tally, JSON.stringify(what)]);
}

/**
 * Begins what is to go on while an element is on the screen, each time it comes there.
 *
 * @param begin - gives back what ends it.
 * @returns ends it for good.
 */
function whileSeen(element: Element, begin: () => () => void): () => void {
  let end: (() => void) | undefined;
  const sight = new IntersectionObserver((entries) => {
    const isSeen = entries.at(-1)?.isIntersecting === true;
    if (isSeen) end ??= begin();
    else {
      end?.();
      end = undefined;
    }
  });
  sight.observe(element);
  return () => {
    sight.disconnect();
    end?.();
  };
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

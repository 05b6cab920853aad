import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { clipPath, imagePath, isThere } from './api.ts';
import { Facts, type Rows } from './facts.tsx';
import { durationText, momentText, numberText, t, word } from './text.ts';

export interface EventDetailParts {
  readonly event: FalconetEvent;
  readonly onClose: () => void;
}

/** One event with its picture, its clip and what is known of it. */
export function EventDetail({ event, onClose }: EventDetailParts) {
  const { id, camera, label } = event;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.scrollIntoView({ block: 'nearest' }), [id]);
  const image = imagePath(event);
  return (
    <article class="detail" aria-labelledby="detail-title">
      <header>
        <h2 id="detail-title" ref={title}>
          {word('label', label)} · {camera}
        </h2>
        <button type="button" onClick={onClose}>
          {t('events.close')}
        </button>
      </header>
      {image === undefined ? (
        <p class="empty">{t('events.no-picture')}</p>
      ) : (
        <figure>
          <div class="framed">
            <img src={image} alt={t('events.picture', { label: word('label', label), camera })} />
            <Frame event={event} />
          </div>
          {event.image?.source === 'record' && (
            <figcaption class="quiet">
              {t('events.full-size', { offset: Math.round(event.image.offset_ms) })}
            </figcaption>
          )}
        </figure>
      )}
      <Clip key={id} event={event} />
      <EventFacts event={event} />
    </article>
  );
}

const ASK_MS = 4_000;
/** A clip is whole some seconds and a keyframe after its event; what is not there by then will not come. */
const MOST_ASKED = 30;

/** The clip, as soon as it is whole: most events have told their end by then, so the file itself is asked for. */
function Clip({ event }: { readonly event: FalconetEvent }) {
  const { clip, end } = event;
  const path = clipPath(event);
  const isToldWhole = clip !== null && clip.end !== null;
  const isWhole = useSignal(isToldWhole);
  const isGone = useSignal(false);
  useEffect(() => {
    if (path === undefined || isToldWhole || end === null) return;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      isWhole.value = await isThere(path);
      if (!isWhole.value && ++asked < MOST_ASKED) timer = setTimeout(() => void ask(), ASK_MS);
      else isGone.value = !isWhole.value;
    };
    timer = setTimeout(() => void ask());
    return () => clearTimeout(timer);
  }, [path, isToldWhole, end]);
  if (clip === null || isGone.value) return null;
  if (!isWhole.value && !isToldWhole) return <p class="quiet">{t('events.clip-coming')}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: cameras are recorded without sound */}
      <video controls preload="metadata" src={path} aria-label={t('events.clip')} />
      {clip.unmasked && <p class="quiet">{t('events.unmasked')}</p>}
    </>
  );
}

/** The box of the picture, which may be another one than the event's newest. */
function Frame({ event: { image } }: { readonly event: FalconetEvent }) {
  if (image === null) return null;
  const [x, y, width, height] = image.box.map((share) => share * 100) as [number, number, number, number];
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <rect x={x} y={y} width={width} height={height} />
    </svg>
  );
}

function EventFacts({ event }: { readonly event: FalconetEvent }) {
  const { start, end, time, score, zones, lines, track } = event;
  const percent = (share: number): number => Math.round(share * 100);
  const stays = zones.entered.map((zone) =>
    t('events.zone.value', { zone, seconds: numberText(zones.dwell_s[zone] ?? 0) }),
  );
  const crossings = lines.map(({ name, direction }) =>
    t('events.line.value', { line: name, direction: t(`events.line.${direction}`) }),
  );
  const rows: Rows = [
    [t('events.start'), momentText(start)],
    [t('events.end'), end === null ? t('events.open') : momentText(end)],
    [t('events.duration'), durationText(Date.parse(end ?? time) - Date.parse(start))],
    [
      t('events.score'),
      t('events.score.value', { best: percent(score.best), median: percent(score.median) }),
    ],
    ...(stays.length > 0 ? [[t('events.zones'), stays.join(', ')] as const] : []),
    ...(crossings.length > 0 ? [[t('events.lines'), crossings.join(', ')] as const] : []),
  ];
  return (
    <Facts rows={rows}>
      {track.stationary && end === null && <div class="quiet">{t('events.stands')}</div>}
      {track.reacquired && <div class="quiet">{t('events.reacquired')}</div>}
    </Facts>
  );
}

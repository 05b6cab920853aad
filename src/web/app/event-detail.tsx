import { useEffect, useRef } from 'preact/hooks';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { clipPath, imagePath } from './api.ts';
import { durationText, momentText, numberText, t, word } from './text.ts';

export interface EventDetailParts {
  readonly event: FalconetEvent;
  readonly onClose: () => void;
}

/** One event with its picture, its clip and what is known of it. */
export function EventDetail({ event, onClose }: EventDetailParts) {
  const { id, camera, label, clip } = event;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.scrollIntoView({ block: 'nearest' }), [id]);
  const image = imagePath(event);
  const video = clipPath(event);
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
      {video !== undefined && (
        // biome-ignore lint/a11y/useMediaCaption: cameras are recorded without sound
        <video controls preload="metadata" src={video} aria-label={t('events.clip')} />
      )}
      {clip !== null && clip.end === null && <p class="quiet">{t('events.clip-coming')}</p>}
      {clip?.unmasked === true && <p class="quiet">{t('events.unmasked')}</p>}
      <Facts event={event} />
    </article>
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

function Facts({ event }: { readonly event: FalconetEvent }) {
  const { start, end, time, score, zones, lines, track } = event;
  const percent = (share: number): number => Math.round(share * 100);
  const stays = zones.entered.map((zone) =>
    t('events.zone.value', { zone, seconds: numberText(zones.dwell_s[zone] ?? 0) }),
  );
  const crossings = lines.map(({ name, direction }) =>
    t('events.line.value', { line: name, direction: t(`events.line.${direction}`) }),
  );
  const rows: readonly (readonly [name: string, value: string])[] = [
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
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {track.stationary && end === null && <div class="quiet">{t('events.stands')}</div>}
      {track.reacquired && <div class="quiet">{t('events.reacquired')}</div>}
    </dl>
  );
}

import { useEffect, useRef } from 'preact/hooks';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { imagePath } from './api.ts';
import { Chart } from './chart.tsx';
import { EventDetail } from './event-detail.tsx';
import { EventFilters } from './event-filters.tsx';
import { failure, filters, isLoading, loadOlder, older, timeline } from './history.ts';
import { addressOf, goTo, route } from './route.ts';
import { dayText, durationText, t, timeText, word } from './text.ts';

/** The events as the filters in the address bar want them; the open one is in the address bar too. */
export function Timeline() {
  const events = timeline.value;
  const openId = route.value.query['event'];
  const open = events.find(({ id }) => id === openId);
  const list = useRef<HTMLUListElement>(null);
  useKeys(list, open !== undefined);
  return (
    <div class={open === undefined ? 'events' : 'events open'}>
      <h1 class="hidden">{t('events.title')}</h1>
      <EventFilters />
      <Chart />
      <p class="quiet keys">{t('events.keys')}</p>
      {failure.value !== '' && <p role="alert">{t('app.failed', { why: failure.value })}</p>}
      <div class="columns">
        <div>
          {events.length === 0 && !isLoading.value && <p class="empty">{t('events.none')}</p>}
          <ul class="list" ref={list} aria-label={t('events.list')} aria-busy={isLoading.value}>
            {events.map((event, i) => (
              <Row key={event.id} event={event} before={events[i - 1]} isOpen={event.id === openId} />
            ))}
          </ul>
          {older.value !== null && (
            <button type="button" disabled={isLoading.value} onClick={() => void loadOlder()}>
              {t('events.more')}
            </button>
          )}
        </div>
        {open !== undefined && <EventDetail event={open} onClose={closeEvent} />}
      </div>
    </div>
  );
}

interface RowParts {
  readonly event: FalconetEvent;
  readonly before: FalconetEvent | undefined;
  readonly isOpen: boolean;
}

function Row({ event, before, isOpen }: RowParts) {
  const { id, label, camera, start, end, zones, lines } = event;
  const image = imagePath(event);
  const day = dayText(start);
  const places = [
    ...zones.entered,
    ...lines.map(({ name, direction }) => `${name} ${t(`events.line.${direction}`)}`),
  ];
  return (
    <li>
      {(before === undefined || dayText(before.start) !== day) && <h2 class="day">{day}</h2>}
      <button
        type="button"
        class="event"
        data-event={id}
        aria-expanded={isOpen}
        onClick={() => openEvent(id)}
      >
        {image === undefined ? (
          <span class="thumb" />
        ) : (
          <img class="thumb" src={image} alt="" loading="lazy" />
        )}
        <span class="what">
          <b>{word('label', label)}</b> <span class="place">{[camera, ...places].join(' · ')}</span>
        </span>
        <span class="when">
          <time dateTime={start}>{timeText(start)}</time>{' '}
          {end === null ? (
            <span class="badge online">{t('events.open')}</span>
          ) : (
            <span class="quiet">{durationText(Date.parse(end) - Date.parse(start))}</span>
          )}
        </span>
      </button>
    </li>
  );
}

function openEvent(id: string): void {
  goTo(addressOf('events', { ...filters.value, event: id }), 'replace');
}

function closeEvent(): void {
  const id = route.value.query['event'];
  goTo(addressOf('events', { ...filters.value }), 'replace');
  requestAnimationFrame(() =>
    buttons(document)
      .find(({ dataset }) => dataset['event'] === id)
      ?.focus(),
  );
}

function buttons(root: ParentNode): HTMLButtonElement[] {
  return [...root.querySelectorAll<HTMLButtonElement>('button.event')];
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Keys that an input, a video or the browser itself takes. */
function isMeantForOther({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  return target instanceof Element && target.matches('input, select, video');
}

/** Arrows and J, K through the list; what is open follows. Esc closes; / goes to the filters. */
function useKeys(list: { readonly current: HTMLUListElement | null }, isOpen: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && isOpen) closeEvent();
      if (isMeantForOther(event)) return;
      const step = STEPS[event.key];
      if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('form.filters select')?.focus();
      } else if (step !== undefined && list.current !== null) {
        event.preventDefault();
        move(buttons(list.current), step, isOpen);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOpen]);
}

function move(rows: readonly HTMLButtonElement[], step: number, isOpen: boolean): void {
  const openId = route.value.query['event'];
  const at = rows.findIndex(
    (row) => row === document.activeElement || (isOpen && row.dataset['event'] === openId),
  );
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  if (isOpen && next?.dataset['event'] !== undefined) openEvent(next.dataset['event']);
}

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { askEvents, type Filters } from './api.ts';
import { filters } from './history.ts';
import { hourText, t } from './text.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;
const PAGE = 200;
/** So many events at most are counted. */
const MOST_PAGES = 10;
const ASK_MS = 60_000;

/** How many events began in each of the last 24 hours, of those that the filters want; their times apart. */
export function Chart() {
  const starts = useSignal<readonly number[]>([]);
  const { camera, label, zone } = filters.value;
  useEffect(() => {
    let isOver = false;
    const ask = async (): Promise<void> => {
      const found = await startsOf({
        ...(camera && { camera }),
        ...(label && { label }),
        ...(zone && { zone }),
      });
      if (!isOver) starts.value = found;
    };
    const askQuietly = (): void => void ask().catch(() => {}); // the list below says what fails
    askQuietly();
    const asking = setInterval(askQuietly, ASK_MS);
    return () => {
      isOver = true;
      clearInterval(asking);
    };
  }, [camera, label, zone]);

  const first = Math.floor(Date.now() / HOUR_MS - HOURS + 1) * HOUR_MS;
  const bars = Array.from({ length: HOURS }, (_, hour) => {
    const from = first + hour * HOUR_MS;
    return { from, count: starts.value.filter((at) => at >= from && at < from + HOUR_MS).length };
  });
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const words = bars.map(({ from, count }) => barText(from, count));
  return (
    <figure class="chart">
      <figcaption class="quiet">{t('events.chart')}</figcaption>
      <svg
        viewBox={`0 0 ${HOURS * 10} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.filter((_, i) => (bars[i]?.count ?? 0) > 0).join('; ') || '0'}
      >
        {bars.map(({ from, count }, i) => {
          const height = count === 0 ? 0.6 : 3 + (count / most) * 36;
          return (
            <rect key={from} x={i * 10 + 1} y={40 - height} width="8" height={height}>
              <title>{words[i]}</title>
            </rect>
          );
        })}
      </svg>
    </figure>
  );
}

function barText(from: number, count: number): string {
  return t('events.chart.hour', { from: hourText(from), to: hourText(from + HOUR_MS), count });
}

async function startsOf(of: Filters): Promise<number[]> {
  const since = new Date(Date.now() - HOURS * HOUR_MS).toISOString();
  const events: FalconetEvent[] = [];
  let before: string | null = null;
  for (let i = 0; i < MOST_PAGES; i++) {
    const page = await askEvents({ ...of, since }, before, PAGE);
    events.push(...page.events);
    before = page.before;
    if (before === null) break;
  }
  return events.map(({ start }) => Date.parse(start));
}

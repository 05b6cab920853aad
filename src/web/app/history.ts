import { computed, effect, signal } from '@preact/signals';
import { isAskedFor, latestFirst } from '../../core/asked-for.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { ApiError, askEvents, type Filters } from './api.ts';
import { route } from './route.ts';
import { lives, returns, session } from './state.ts';

export const FILTERS = ['camera', 'label', 'zone', 'since', 'until'] as const;

export const filters = computed<Filters>(() => {
  const { query } = route.value;
  return Object.fromEntries(FILTERS.flatMap((key) => (isFilter(key, query[key]) ? [[key, query[key]]] : [])));
});

/** A time that is none, as somebody may write it into the address bar, filters nothing. */
function isFilter(key: (typeof FILTERS)[number], value: string | undefined): boolean {
  if (!value) return false;
  return (key !== 'since' && key !== 'until') || !Number.isNaN(Date.parse(value));
}

const fetched = signal<readonly FalconetEvent[]>([]);
/** Where older ones begin; null: there are none. */
export const older = signal<string | null>(null);
export const isLoading = signal(false);
export const failure = signal('');

/** What was fetched and what came since, the newest message of each life, latest start first. */
export const timeline = computed<readonly FalconetEvent[]>(() => {
  const query = queryOf(filters.value);
  const byId = new Map(fetched.value.map((event) => [event.id, event]));
  for (const event of lives.value.values()) {
    const known = byId.get(event.id);
    if (known === undefined ? isAskedFor(event, query) : known.seq <= event.seq) {
      byId.set(event.id, { ...event, image: event.image ?? known?.image ?? null });
    }
  }
  return [...byId.values()].sort(latestFirst);
});

/** Times in the address bar are of this browser's place. */
function queryOf({ since, until, ...rest }: Filters): Parameters<typeof isAskedFor>[1] {
  return {
    ...rest,
    ...(since !== undefined && { since: new Date(since).getTime() }),
    ...(until !== undefined && { until: new Date(until).getTime() }),
  };
}

let asked = 0;

/** @param before - null: from the newest on, instead of what was fetched. */
async function load(of: Filters, before: string | null): Promise<void> {
  const mine = ++asked;
  isLoading.value = true;
  try {
    const page = await askEvents(of, before);
    if (mine !== asked) return; // another question came meanwhile
    fetched.value = before === null ? page.events : [...fetched.value, ...page.events];
    older.value = page.before;
    failure.value = '';
  } catch (error) {
    if (mine === asked) failure.value = error instanceof ApiError ? error.message : String(error);
  } finally {
    if (mine === asked) isLoading.value = false;
  }
}

export const loadOlder = (): Promise<void> => load(filters.value, older.value);

const wanted = computed(() => JSON.stringify(filters.value));
/** The address bar also says which event is open: that is no new question. */
const isListed = computed(() => route.value.view === 'events' && session.value?.role != null);
effect(() => {
  const of = JSON.parse(wanted.value) as Filters;
  void returns.value; // asks again for what was missed
  if (isListed.value) void load(of, null);
});

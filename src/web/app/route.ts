import { signal } from '@preact/signals';

export const VIEWS = ['wall', 'events', 'health'] as const;
export type View = (typeof VIEWS)[number];

const PATHS: Readonly<Record<View, string>> = { wall: '/', events: '/events', health: '/health' };

/** What the address bar says. */
export interface Route {
  readonly view: View;
  readonly query: Readonly<Record<string, string>>;
}

export const route = signal<Route>(routeOf(location));

function routeOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Route {
  const view = VIEWS.find((name) => PATHS[name] === pathname) ?? 'wall';
  return { view, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function addressOf(view: View, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(given).toString();
  return search === '' ? PATHS[view] : `${PATHS[view]}?${search}`;
}

/** @param how - `replace` leaves no step for the back button. */
export function goTo(address: string, how: 'push' | 'replace' = 'push'): void {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
  route.value = routeOf(location);
}

window.addEventListener('popstate', () => {
  route.value = routeOf(location);
});

/** For `onClick` of a link within the page: what opens a new tab stays as it is. */
export function followInside(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  event.preventDefault();
  goTo(link.pathname + link.search);
}

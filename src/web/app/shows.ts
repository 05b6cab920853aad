import { effect, signal } from '@preact/signals';

const STORED = 'falconet-shows';
const stored: Partial<Record<string, boolean>> = JSON.parse(localStorage.getItem(STORED) ?? '{}');

/** What is drawn over the pictures. */
export const shows = {
  boxes: signal(stored['boxes'] ?? true),
  zones: signal(stored['zones'] ?? true),
  paths: signal(stored['paths'] ?? false),
  /** Also what makes no event. */
  all: signal(stored['all'] ?? false),
} as const;

/** As they are now, for whoever draws. */
export function shown(): Readonly<Record<keyof typeof shows, boolean>> {
  const { boxes, zones, paths, all } = shows;
  return { boxes: boxes.value, zones: zones.value, paths: paths.value, all: all.value };
}

effect(() => localStorage.setItem(STORED, JSON.stringify(shown())));

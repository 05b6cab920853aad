import { effect, signal } from '@preact/signals';
import { keep, kept } from './kept.ts';

const stored = keptShows();

function keptShows(): Partial<Record<string, boolean>> {
  try {
    return JSON.parse(kept('shows') ?? '{}') ?? {};
  } catch {
    return {}; // somebody else's
  }
}

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

effect(() => keep('shows', JSON.stringify(shown())));

import { effect, signal } from '@preact/signals';

const STORED = 'falconet-shows';
const stored: Partial<Record<string, boolean>> = JSON.parse(localStorage.getItem(STORED) ?? '{}');

/** What is drawn over the pictures. */
export const shows = {
  boxes: signal(stored['boxes'] ?? true),
  zones: signal(stored['zones'] ?? true),
  paths: signal(stored['paths'] ?? false),
} as const;

effect(() => {
  const { boxes, zones, paths } = shows;
  localStorage.setItem(
    STORED,
    JSON.stringify({ boxes: boxes.value, zones: zones.value, paths: paths.value }),
  );
});

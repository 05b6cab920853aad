import { effect, signal } from '@preact/signals';
import { keep, kept } from './kept.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const stored = kept('theme');

export const theme = signal<Theme>(THEMES.find((name) => name === stored) ?? 'auto');

effect(() => {
  keep('theme', theme.value);
  document.documentElement.dataset['theme'] = theme.value;
});

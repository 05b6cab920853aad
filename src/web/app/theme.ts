import { effect, signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED = 'falconet-theme';
const stored = localStorage.getItem(STORED);

export const theme = signal<Theme>(THEMES.find((name) => name === stored) ?? 'auto');

effect(() => {
  localStorage.setItem(STORED, theme.value);
  document.documentElement.dataset['theme'] = theme.value;
});

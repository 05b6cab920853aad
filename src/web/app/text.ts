import { computed, signal } from '@preact/signals';
import { keep, kept } from './kept.ts';
import { de } from './locales/de.ts';
import { en, type TextKey } from './locales/en.ts';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, de };

export const language = signal<Language>(firstLanguage());

function firstLanguage(): Language {
  const wished = [kept('language'), ...navigator.languages];
  const known = wished.map((tag) => tag?.slice(0, 2)).find((tag) => tag !== undefined && tag in TEXTS);
  return (known ?? 'en') as Language;
}

export function setLanguage(next: Language): void {
  keep('language', next);
  language.value = next;
}

/** A text in the language chosen, its `{name}`s filled in. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text = TEXTS[language.value][key];
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The word for one of a family, such as a label; what is not known stands for itself. */
export function word(family: 'label' | 'rule' | 'drop' | 'reason', name: string): string {
  const key = `${family}.${name}`;
  return key in en ? t(key as TextKey) : name;
}

const formats = computed(() => ({
  time: new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  hour: new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit' }),
  day: new Intl.DateTimeFormat(language.value, { weekday: 'long', day: 'numeric', month: 'long' }),
  moment: new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium' }),
  number: new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }),
}));

export const timeText = (at: number | string): string => formats.value.time.format(new Date(at));
export const hourText = (at: number | string): string => formats.value.hour.format(new Date(at));
export const dayText = (at: number | string): string => formats.value.day.format(new Date(at));
export const momentText = (at: number | string): string => formats.value.moment.format(new Date(at));
export const numberText = (value: number): string => formats.value.number.format(value);

/** `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min ${seconds % 60} s`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

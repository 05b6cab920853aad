import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askGateway } from './api.ts';
import { FILTERS, filters } from './history.ts';
import { addressOf, goTo } from './route.ts';
import { cameras } from './state.ts';
import { t, word } from './text.ts';

/** Camera, label, zone and time; what is chosen stands in the address bar, so that it can be kept and sent on. */
export function EventFilters() {
  const labels = useSignal<readonly string[]>([]);
  useEffect(() => {
    void askGateway().then(
      (facts) => {
        labels.value = facts.labels;
      },
      () => {}, // the list of labels stays empty; the events themselves say what failed
    );
  }, []);
  const { camera, label, zone, since, until } = filters.value;
  const zones = [...new Set(cameras.value.flatMap((view) => view.zones.map(({ name }) => name)))];
  const isAny = FILTERS.some((key) => filters.value[key] !== undefined);
  return (
    <form class="filters" aria-label={t('events.filters')} onSubmit={(event) => event.preventDefault()}>
      <Choice
        name="camera"
        title={t('events.camera')}
        value={camera}
        options={cameras.value.map((view) => [view.camera, view.camera])}
      />
      <Choice
        name="label"
        title={t('events.label')}
        value={label}
        options={labels.value.map((one) => [one, word('label', one)])}
      />
      <Choice name="zone" title={t('events.zone')} value={zone} options={zones.map((one) => [one, one])} />
      <Moment name="since" title={t('events.since')} value={since} />
      <Moment name="until" title={t('events.until')} value={until} />
      {isAny && (
        <button type="button" onClick={() => goTo(addressOf('events'))}>
          {t('events.clear')}
        </button>
      )}
    </form>
  );
}

function set(key: (typeof FILTERS)[number], value: string): void {
  goTo(addressOf('events', { ...filters.value, [key]: value }));
}

interface ChoiceParts {
  readonly name: (typeof FILTERS)[number];
  readonly title: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
}

function Choice({ name, title, value = '', options }: ChoiceParts) {
  const isKnown = value === '' || options.some(([option]) => option === value);
  return (
    <label>
      {title}
      <select name={name} value={value} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">{t('events.all')}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Moment({ name, title, value = '' }: Omit<ChoiceParts, 'options'>) {
  return (
    <label>
      {title}
      <input
        type="datetime-local"
        name={name}
        value={value}
        onChange={(event) => set(name, event.currentTarget.value)}
      />
    </label>
  );
}

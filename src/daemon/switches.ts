import type { CameraConfig } from '../config/schema.ts';
import { FalconetError } from '../core/error.ts';
import type { Keep } from '../core/keep.ts';
import { type Switches, switchesSchema } from '../core/schema/switches.ts';
import { slug } from '../sinks/slug.ts';

/** What was switched from outside, camera by camera: it outlives the gateway where there is a data folder. */
export interface SwitchBoard {
  of(camera: string): Switches;
  set(camera: string, switches: Switches): void;
  /** Goes on with what is kept there. */
  use(keep: Keep | undefined): void;
}

const DOCUMENT = 'switches';

export function switchBoard(): SwitchBoard {
  let keep: Keep | undefined;
  const known = new Map<string, Switches>();
  return {
    of(camera) {
      const before = known.get(camera);
      if (before !== undefined) return before;
      const kept = switchesSchema.safeParse(keep?.read(camera, DOCUMENT));
      const switches = kept.success ? kept.data : {};
      known.set(camera, switches);
      return switches;
    },
    set(camera, switches) {
      known.set(camera, switches);
      keep?.write(camera, DOCUMENT, switches);
    },
    use(next) {
      keep = next;
      known.clear();
    },
  };
}

/** A camera as it is configured, as far as it can be switched. */
export interface Switchable {
  readonly settings: Pick<CameraConfig, 'labels'>;
  readonly isRecorded: boolean;
}

/** A switch or threshold and what it is set to; an empty text leaves it to the configuration. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

const SWITCH_NAMES = ['enabled', 'detect', 'record'] as const;
const THRESHOLD = 'threshold/';
/** Of the detector's floor, below which nothing comes. */
const LEAST_SCORE = 0.1;

/**
 * The switches with one of them set: `enabled`, `detect` or `record` to `ON` or `OFF`, `threshold/<label>` to a number.
 *
 * @throws REQUEST_REFUSED for a switch that this camera does not have, and for a value that it does not take.
 */
export function withSetting(before: Switches, { name, value }: Setting, camera: Switchable): Switches {
  const text = value.trim();
  if (name.startsWith(THRESHOLD)) return withThreshold(before, labelOf(name, camera), text);
  const key = SWITCH_NAMES.find((known) => known === name);
  if (key === undefined || (key === 'record' && !camera.isRecorded)) {
    throw refused(`expected a switch of this camera: ${namesOf(camera).join(', ')}`);
  }
  const { [key]: _, ...rest } = before;
  if (text === '') return rest;
  if (text !== 'ON' && text !== 'OFF') throw refused(`expected ON or OFF for ${key}`);
  return { ...rest, [key]: text === 'ON' };
}

function withThreshold({ thresholds = {}, ...rest }: Switches, label: string, text: string): Switches {
  const others = Object.entries(thresholds).filter(([other]) => other !== label);
  const score = Number(text);
  if (text !== '' && !(score >= LEAST_SCORE && score <= 1)) {
    throw refused(`expected a number from ${LEAST_SCORE} to 1 for the threshold of ${label}`);
  }
  const next = text === '' ? others : [...others, [label, score] as const];
  return next.length === 0 ? rest : { ...rest, thresholds: Object.fromEntries(next) };
}

/** @throws REQUEST_REFUSED */
function labelOf(name: string, camera: Switchable): string {
  const wanted = name.slice(THRESHOLD.length);
  const label = Object.keys(camera.settings.labels ?? {}).find((known) => slug(known) === wanted);
  if (label === undefined) throw refused(`expected a switch of this camera: ${namesOf(camera).join(', ')}`);
  return label;
}

function namesOf({ settings: { labels = {} }, isRecorded }: Switchable): string[] {
  const names = SWITCH_NAMES.filter((name) => name !== 'record' || isRecorded);
  return [...names, ...Object.keys(labels).map((label) => THRESHOLD + slug(label))];
}

function refused(message: string): FalconetError {
  return new FalconetError('REQUEST_REFUSED', message);
}

import { computed, signal } from '@preact/signals';
import type { StateReport } from '../../core/camera-state.ts';
import type { CameraView, SessionFacts, Told } from '../../core/dashboard.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Tally } from '../../core/tally.ts';

export const session = signal<SessionFacts | undefined>(undefined);
export const isConnected = signal(true);
/** How often the connection was lost or could not be had. */
export const losses = signal(0);
/** How often it was had again. */
export const returns = signal(0);
export const cameras = signal<readonly CameraView[]>([]);
export const states = signal<ReadonlyMap<string, StateReport>>(new Map());
export const tallies = signal<ReadonlyMap<string, Tally>>(new Map());
/** The newest message of each life that the page has heard of live, by id, as it came. */
export const lives = signal<ReadonlyMap<string, FalconetEvent>>(new Map());

/** More than anybody scrolls through; the oldest go first. */
const MOST_LIVES = 500;

/** Lives that are not over. */
export const openLives = computed(() => [...lives.value.values()].filter(({ end }) => end === null));

/** The connection is there again: what has come and gone meanwhile, nobody told. */
export function comeBack(): void {
  lives.value = new Map();
  tallies.value = new Map();
  returns.value++;
}

/** Takes in what the gateway tells. */
export function take(told: Told): void {
  if (told.kind === 'cameras') {
    cameras.value = told.cameras;
    const names = new Set(told.cameras.map(({ camera }) => camera));
    states.value = new Map([...states.value].filter(([camera]) => names.has(camera)));
  } else if (told.kind === 'state') states.value = withEntry(states.value, told.state.camera, told.state);
  else if (told.kind === 'tally') {
    const next = new Map(tallies.value);
    if (told.tally === null) next.delete(told.camera);
    else next.set(told.camera, told.tally);
    tallies.value = next;
  } else if (told.kind === 'event') lives.value = withLife(lives.value, told.event);
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

/** An update without a picture leaves the life the one that it had. */
function withLife(map: ReadonlyMap<string, FalconetEvent>, event: FalconetEvent) {
  const next = new Map(map);
  next.set(event.id, { ...event, image: event.image ?? next.get(event.id)?.image ?? null });
  for (const id of next.keys()) {
    if (next.size <= MOST_LIVES) break;
    next.delete(id);
  }
  return next;
}

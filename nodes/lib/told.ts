import type { StateReport } from '../../src/core/camera-state.ts';
import { FalconetError } from '../../src/core/error.ts';
import { isoTime } from '../../src/core/iso-time.ts';
import { mapValues } from '../../src/core/map-values.ts';
import { cameraStateSchema } from '../../src/core/schema/camera-state.ts';
import { eventSchema } from '../../src/core/schema/event.ts';
import type { Delivery } from '../../src/core/sink.ts';
import type { Tally } from '../../src/core/tally.ts';
import { isCameraName, kindOf } from './io.ts';
import type { Message } from './node-red.ts';

/** What *track* says: an event, or how a camera is doing, or what it counts. */
export type Told =
  | { readonly kind: 'event'; readonly delivery: Delivery }
  | { readonly kind: 'state'; readonly report: StateReport }
  | { readonly kind: 'tally'; readonly camera: string; readonly tally: Tally | undefined };

export function eventMessage({ event, image }: Delivery): Message {
  return {
    topic: event.camera,
    payload: event,
    ...(image !== undefined && { image: Buffer.from(image) }),
  };
}

/** A copy, as of all that *track* goes on with: Node-RED clones for no first wire, and a function may change it. */
export function stateMessage({ since, health, ...report }: StateReport): Message {
  const payload = { ...structuredClone(report), since: isoTime(since), health: mapValues(health, isoTime) };
  return { topic: report.camera, payload };
}

/**
 * A copy.
 *
 * @param tally - undefined for a camera that is gone.
 */
export function tallyMessage(camera: string, tally: Tally | undefined): Message {
  return { topic: camera, payload: { camera, tally: structuredClone(tally) ?? null } };
}

/**
 * What *track* said; functions on the way may have left messages out or changed them.
 *
 * @throws USAGE where it is something else, or was changed into something that no sink takes.
 */
export function toldIn({ payload, image }: Message): Told {
  if (typeof payload === 'object' && payload !== null) {
    const found = payload as Readonly<Record<string, unknown>>;
    if (found['schema'] === 'falconet/event/1') return { kind: 'event', delivery: deliveryIn(found, image) };
    const { camera, tally } = found;
    if (isCameraName(camera) && 'state' in found) return { kind: 'state', report: reportIn(camera, found) };
    if (isCameraName(camera) && isTally(tally)) return { kind: 'tally', camera, tally: tally ?? undefined };
  }
  throw new FalconetError('USAGE', `expected what track tells, got ${kindOf(payload)}`, {
    hint: 'Wire the outputs of track to this node',
  });
}

function deliveryIn(payload: object, image: unknown): Delivery {
  const { data: event, error } = eventSchema.safeParse(payload);
  if (event === undefined) throw changed('an event', error.issues);
  return { event, ...(image instanceof Uint8Array && { image }) };
}

function reportIn(camera: string, { camera: _, ...payload }: Readonly<Record<string, unknown>>): StateReport {
  const { data, error } = cameraStateSchema.safeParse(payload);
  if (data === undefined) throw changed('a state from the second output of track', error.issues);
  const { since, health } = data;
  return { ...data, camera, since: Date.parse(since), health: mapValues(health, Date.parse) } as StateReport;
}

function isTally(value: unknown): value is Tally | null {
  return (
    value === null || (typeof value === 'object' && value !== null && 'counts' in value && 'zones' in value)
  );
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function changed(what: string, [issue]: readonly Issue[]): FalconetError {
  const place = issue === undefined ? '' : `${[...issue.path, issue.message].map(String).join(': ')}`;
  return new FalconetError('USAGE', `expected ${what}, got one with a mistake: ${place}`, {
    hint: 'Leave its fields as they are, and put what is added beside msg.payload',
  });
}

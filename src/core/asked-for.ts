// Runs in the gateway and in the dashboard's page, which lists live events among those that were fetched.
import type { EventQuery } from './event-archive.ts';
import type { FalconetEvent } from './schema/event.ts';

type Asked = Pick<EventQuery, 'camera' | 'label' | 'zone' | 'since' | 'until'>;

/** Whether a life, by its newest message, is one that a query asks for; the query's limit and page apart. */
export function isAskedFor(
  event: Pick<FalconetEvent, 'camera' | 'label' | 'zones' | 'start' | 'end'>,
  { camera, label, zone, since, until }: Asked,
): boolean {
  return (
    (camera === undefined || event.camera === camera) &&
    (label === undefined || event.label === label) &&
    (zone === undefined || event.zones.entered.includes(zone)) &&
    (since === undefined || event.end === null || Date.parse(event.end) >= since) &&
    (until === undefined || Date.parse(event.start) < until)
  );
}

type Begun = Pick<FalconetEvent, 'id' | 'start'>;

/** Compares for the order of a list: latest start first, by id where they began together. */
export function latestFirst(a: Begun, b: Begun): number {
  if (a.start !== b.start) return a.start < b.start ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

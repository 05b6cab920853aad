import type { EventPage, GatewayFacts, SessionFacts } from '../../core/dashboard.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import type { CameraShapes, ReadShapes, ShapeTrial } from '../../core/shape-editor.ts';

/** What the server refused or failed at; `status` is its answer, 0 without one. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, init).catch((cause: unknown) => {
    throw new ApiError(0, String(cause));
  });
  const body = (await answer.json().catch(() => ({}))) as T & { error?: string };
  if (!answer.ok) throw new ApiError(answer.status, body.error ?? answer.statusText);
  return body;
}

export const askSession = (): Promise<SessionFacts> => ask('/api/session');

export function logIn(user: string, password: string): Promise<SessionFacts> {
  return ask('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
}

export const logOut = (): Promise<SessionFacts> => ask('/api/session', { method: 'DELETE' });
export const askGateway = (): Promise<GatewayFacts> => ask('/api/gateway');

export interface Filters {
  readonly camera?: string;
  readonly label?: string;
  readonly zone?: string;
  /** As an input of type datetime-local has it. */
  readonly since?: string;
  readonly until?: string;
}

/** @param before - of the page before. */
export function askEvents(filters: Filters, before: string | null, limit = 50): Promise<EventPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [key, value] of Object.entries({ ...filters, ...utc(filters) })) {
    if (value !== undefined && value !== '') query.set(key, value);
  }
  if (before !== null) query.set('before', before);
  return ask(`/api/events?${query}`);
}

function utc({ since, until }: Filters): Pick<Filters, 'since' | 'until'> {
  return { ...(since && { since: utcOf(since) }), ...(until && { until: utcOf(until) }) };
}

function utcOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

export function imagePath(event: FalconetEvent): string | undefined {
  return event.image === null ? undefined : `/api/images/${pathOf(event.image.ref)}`;
}

/** undefined: it has none. */
export function clipPath({ clip }: FalconetEvent): string | undefined {
  return clip === null ? undefined : `/api/clips/${pathOf(clip.ref)}`;
}

/** Whether a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return fetch(path, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function pathOf(ref: string): string {
  return ref.split('/').map(encodeURIComponent).join('/');
}

export const askShapes = (camera: string): Promise<ReadShapes> => ask(`/api/shapes/${camera}`);

export function sendShapes(camera: string, wanted: ReadShapes): Promise<ReadShapes> {
  return ask(`/api/shapes/${camera}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  });
}

export function tryOut(camera: string, shapes: CameraShapes): Promise<ShapeTrial> {
  return ask(`/api/shapes/${camera}/trial`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(shapes),
  });
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EventPage } from '../core/dashboard.ts';
import type { EventArchive, EventQuery } from '../core/event-archive.ts';

const KEY = { type: 'string', pattern: '^[a-z0-9_-]{1,40}$' } as const;
const TIME = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?Z$',
} as const;
const PAGE = 50;

const QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    camera: KEY,
    label: { type: 'string', minLength: 1, maxLength: 60 },
    zone: KEY,
    since: TIME,
    until: TIME,
    /** `<start>~<id>` of the last life of the page before. */
    before: { type: 'string', pattern: `${TIME.pattern.slice(0, -1)}~[^~]{1,150}$` },
    limit: { type: 'integer', minimum: 1, maximum: 200, default: PAGE },
  },
} as const;

interface Asked extends Omit<EventQuery, 'since' | 'until' | 'before' | 'limit'> {
  readonly since?: string;
  readonly until?: string;
  readonly before?: string;
  readonly limit: number;
}

/** `GET /events`: lives by camera, label, zone and time, newest first, in pages. */
export function eventRoute(api: FastifyInstance, archive: Pick<EventArchive, 'find'>): void {
  api.get<{ Querystring: Asked }>('/events', { schema: { querystring: QUERY } }, async (request, reply) => {
    const { since, until, before, limit, ...rest } = request.query;
    const [start = '', id = ''] = before?.split('~') ?? [];
    const times = { ...momentOf('since', since), ...momentOf('until', until) };
    const asked = [...Object.values(times), ...(before === undefined ? [] : [Date.parse(start)])];
    if (asked.some(Number.isNaN)) return badTime(reply);
    const events = await archive.find({
      ...rest,
      ...times,
      ...(before !== undefined && { before: { start, id } }),
      limit,
    });
    const last = events.length < limit ? undefined : events.at(-1);
    return { events, before: last === undefined ? null : `${last.start}~${last.id}` } satisfies EventPage;
  });
}

function momentOf<K extends string>(key: K, time: string | undefined): Partial<Record<K, number>> {
  return time === undefined ? {} : ({ [key]: Date.parse(time) } as Record<K, number>);
}

function badTime(reply: FastifyReply): FastifyReply {
  return reply.code(400).send({ error: 'expected a time that there is' });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../core/dashboard.ts';
import { FalconetError } from '../core/error.ts';
import type { EventArchive } from '../core/event-archive.ts';
import type { CameraShapes, ReadShapes, ShapeEditor } from '../core/shape-editor.ts';
import { tryShapes } from './shape-trial.ts';

/** A hundred zones of a hundred corners. */
const MOST_BYTES = 400_000;
const PARAMS = { type: 'object', properties: { camera: { type: 'string', pattern: '^[a-z0-9_-]{1,40}$' } } };
const SHAPES = {
  type: 'object',
  additionalProperties: false,
  properties: {
    zones: { type: 'object' },
    lines: { type: 'object' },
    masks: {
      type: 'object',
      additionalProperties: false,
      properties: { object: { type: 'array' }, motion: { type: 'array' }, privacy: { type: 'array' } },
    },
  },
};
const BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['shapes', 'version'],
  properties: {
    version: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    shapes: SHAPES,
  },
};

type Shapes = { Params: { camera: string }; Body: ReadShapes };

export interface ShapeRouteOptions {
  readonly editor: ShapeEditor;
  readonly archive: Pick<EventArchive, 'find'>;
  readonly roleOf: (request: FastifyRequest) => Role | null;
}

/** What a drawing is tried on. */
const TRIED_EVENTS = 200;

/**
 * `GET` and `PUT /shapes/<camera>`, `POST /shapes/<camera>/trial`: what is drawn over a camera, for who may change it,
 * and what another drawing would have made of the newest events.
 */
export function shapeRoute(api: FastifyInstance, { editor, archive, roleOf }: ShapeRouteOptions): void {
  const isAdmin = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    roleOf(request) === 'admin' ? undefined : reply.code(403).send({ error: 'expected the role admin' });

  api.get<Shapes>(
    '/shapes/:camera',
    { onRequest: isAdmin, schema: { params: PARAMS } },
    ({ params }, reply) => editor.read(params.camera).catch((error: unknown) => refused(error, reply)),
  );
  api.put<Shapes>(
    '/shapes/:camera',
    { onRequest: isAdmin, schema: { params: PARAMS, body: BODY }, bodyLimit: MOST_BYTES },
    async ({ params, body }, reply) => {
      try {
        await editor.write(params.camera, body);
        return await editor.read(params.camera);
      } catch (error) {
        return refused(error, reply);
      }
    },
  );
  api.post<{ Params: { camera: string }; Body: CameraShapes }>(
    '/shapes/:camera/trial',
    { onRequest: isAdmin, schema: { params: PARAMS, body: SHAPES }, bodyLimit: MOST_BYTES },
    async ({ params, body }) =>
      tryShapes(body, await archive.find({ camera: params.camera, limit: TRIED_EVENTS })),
  );
}

/** What whoever draws can do something about; all else is the server's own fault. */
function refused(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof FalconetError)) throw error;
  if (error.code === 'REQUEST_REFUSED' || error.code === 'CONFIG_UNREADABLE')
    return reply.code(409).send({ error: wordsOf(error) });
  if (error.code === 'CONFIG_INVALID') return reply.code(422).send({ error: wordsOf(error) });
  throw error;
}

function wordsOf({ message, hint, code, facts }: FalconetError): string {
  const { issues } = facts as { issues?: readonly { readonly path: string; readonly message: string }[] };
  if (issues !== undefined) return issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  const words = message.replace(` (${code})`, '');
  return hint === undefined ? words : `${words}. ${hint}.`;
}

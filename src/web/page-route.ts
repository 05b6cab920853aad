import { existsSync } from 'node:fs';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** What the page shows by its address; a reload has to give the same. */
const VIEWS = ['/', '/events', '/health'] as const;
const YEAR_SECONDS = 31_536_000;
const NOT_BUILT = 'The page is not built. In a checkout of Falconet, run: npm run page\n';

/** The page itself, as `scripts/build-page.ts` made it; who is to log in gets it too, since it asks for that. */
export async function pageRoute(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(files, { root: folder, serve: false, preCompressed: true, cacheControl: false });
  if (!existsSync(join(folder, 'index.html'))) {
    for (const path of VIEWS)
      app.get(path, async (_, reply) => reply.code(503).type('text/plain').send(NOT_BUILT));
    return;
  }
  for (const path of VIEWS) {
    app.get(path, async (_, reply) => reply.header('cache-control', 'no-cache').sendFile('index.html'));
  }
  // Their names change with what is in them.
  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) =>
    reply
      .header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
      .sendFile(request.params.name, join(folder, 'assets')),
  );
}

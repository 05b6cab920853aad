import { numberFrom } from '../../src/config/fields.ts';
import { previewSettings } from '../../src/config/node-settings.ts';
import { inWords } from '../lib/io.ts';
import { migrated } from '../lib/migrate.ts';
import type { AdminRequest, AdminResponse, NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { cannotShow, createBadge, isWatched } from '../lib/status.ts';
import { type LatestPicture, latestPicture } from './latest-picture.ts';
import { shownIn } from './shown.ts';

interface PreviewDef extends NodeDef {
  /** Of the picture in the editor, pixels, as a text. */
  readonly width: string;
  /** Most pictures a second, as a text. */
  readonly rate: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-preview`: what a camera sees and what was found, under the node, while an editor shows its tab. */
export default function register(RED: NodeRed): void {
  const pictures = new Map<string, LatestPicture>();
  RED.nodes.registerType('falconet-preview', function (this: RedNode, def: PreviewDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    const fail = (error: unknown): Error => {
      badge.show(cannotShow(error));
      return inWords(error);
    };
    const open = (): LatestPicture => {
      const saved = migrated<PreviewDef>(def, []);
      const { width, rate } = previewSettings({
        width: numberFrom(saved.width),
        rate: numberFrom(saved.rate),
      });
      return latestPicture({
        width,
        everyMs: 1_000 / rate,
        onWatch: (watched) => badge.show(isWatched(watched)),
        onFail: (error) => this.error(fail(error).message, {}),
      });
    };
    try {
      pictures.set(this.id, open());
      badge.show(isWatched(false));
    } catch (error) {
      this.error(fail(error).message); // each message hears of it, too
    }

    this.on('input', (msg, _send, done) => {
      try {
        (pictures.get(this.id) ?? open()).show(shownIn(msg));
        done();
      } catch (error) {
        done(fail(error));
      }
    });
    this.on('close', (_removed, done) => {
      pictures.get(this.id)?.close();
      pictures.delete(this.id);
      badge.close();
      done();
    });
  });
  const mayRead = RED.auth.needsPermission('falconet-preview.read');
  RED.httpAdmin.get('/falconet/preview/:id', mayRead, (request, response) => {
    void answer(pictures.get(request.params['id'] ?? ''), request, response);
  });
}

/** The newest picture, base64, with its number; nothing where the editor knows it already. */
async function answer(
  picture: LatestPicture | undefined,
  { query }: AdminRequest,
  response: AdminResponse,
): Promise<void> {
  response.set('Cache-Control', 'no-store');
  if (picture === undefined) return response.status(404).end();
  const drawn = await picture.ask(Number(query['known']));
  if (drawn === undefined) return response.status(204).end();
  response.json({ number: drawn.number, image: drawn.jpeg.toString('base64') });
}

import { nodeDashboard } from '../../src/config/node-settings.ts';
import { PASSWORD_HASH } from '../../src/core/password-hash.ts';
import { type DashboardPlan, dashboardPlan } from '../../src/pipeline/dashboard-plan.ts';
import { hashPassword } from '../../src/web/password.ts';
import { type GatewayNode, gatewayOf } from '../lib/gateway-node.ts';
import { inWords } from '../lib/io.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { Message, NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { shownFrameIn } from '../lib/shown-frame.ts';
import { cannotServe, createBadge, opening as isOpening, serves } from '../lib/status.ts';
import { toldIn } from '../lib/told.ts';
import { userFolder } from '../lib/user-folder.ts';
import type { Page } from './page.ts';

interface DashboardOutDef extends NodeDef {
  /** Id of the falconet-gateway config node, whose folder has the past; empty for none. */
  readonly gateway: string;
  /** Address and port. */
  readonly listen: string;
  /** Paths of PEM files; empty for plain HTTP. */
  readonly cert: string;
  readonly key: string;
  /** Origins that may show the page in a frame, with blanks or commas between them. */
  readonly frameAncestors: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-dashboard-out`: a page with what *track* tells of cameras, and their pictures while somebody looks. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType(
    'falconet-dashboard-out',
    function (this: RedNode, saved: DashboardOutDef) {
      RED.nodes.createNode(this, saved);
      const badge = createBadge(this);
      badge.show(isOpening());
      const fail = (error: unknown): Error => {
        badge.show(cannotServe(error));
        return inWords(error);
      };
      let gateway: GatewayNode | undefined;
      const opening = (async (): Promise<Page> => {
        const def = migrated<DashboardOutDef>(saved, []);
        gateway = def.gateway ? gatewayOf(RED, def.gateway) : undefined;
        const archive = await gateway?.archive.acquire();
        const plan = await planOf(def, this.credentials, userFolder(RED));
        // A Node-RED without such a node does without the memory of a web server.
        const { openPage } = await import('./page.ts');
        const page = await openPage({
          gateway: gateway?.gatewayName ?? 'home',
          plan,
          archive,
          onViewers: (viewers) => badge.show(serves(page.url, viewers)),
          log: nodeLog(this),
        });
        badge.show(serves(page.url, 0));
        return page;
      })();
      const { promise: started, resolve: start } = Promise.withResolvers<void>();
      RED.events.once('flows:started', start); // before that, who catches the error may not be there
      opening.catch(async (error: unknown) => {
        await started;
        this.error(fail(error).message, {});
      });

      const take = async (msg: Message): Promise<void> => {
        const shown = shownFrameIn(msg);
        const told = shown === undefined ? toldIn(msg) : undefined;
        const page = await opening;
        if (shown !== undefined) await page.show(shown);
        else if (told !== undefined) page.hear(told);
      };
      this.on('input', (msg, _send, done) => {
        take(msg).then(
          () => done(),
          (error: unknown) => done(fail(error)),
        );
      });
      this.on('close', (_removed, done) => {
        RED.events.off('flows:started', start);
        void opening
          .then(
            (page) => page.close(),
            () => {}, // it was told
          )
          .then(() => gateway?.archive.release())
          .then(() => {
            badge.close();
            done();
          });
      });
    },
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
}

/** An empty field is one that was left out. @throws CONFIG_INVALID */
async function planOf(
  { listen, cert, key, frameAncestors = '' }: DashboardOutDef,
  { username, password }: NonNullable<RedNode['credentials']> = {},
  folder: string,
): Promise<DashboardPlan> {
  const isGuarded = !!username || !!password;
  const users = isGuarded && { [username ?? '']: { password_hash: await hashed(password ?? '') } };
  const origins = frameAncestors.split(/[\s,]+/).filter(Boolean);
  const { settings, files } = nodeDashboard(
    {
      ...(listen && { listen }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(users && { users }),
      ...(origins.length > 0 && { frame_ancestors: origins }),
    },
    folder,
  );
  return dashboardPlan(settings, files);
}

/** What `falconet password` prints is taken as it is; no password is a mistake, and stays one. */
async function hashed(password: string): Promise<string> {
  return password === '' || PASSWORD_HASH.test(password) ? password : hashPassword(password);
}

import type { Outlet } from '../../src/pipeline/hand-over.ts';
import { type GatewayNode, gatewayOf } from '../lib/gateway-node.ts';
import { cameraStateFrom, type DetectorFacts, inWords, seenFrame } from '../lib/io.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { Message, NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { trackedMessage } from '../lib/shown-frame.ts';
import { cannotTrack, createBadge, tells } from '../lib/status.ts';
import { eventMessage, stateMessage, tallyMessage } from '../lib/told.ts';
import { type Lanes, openLanes } from './lanes.ts';
import { MIGRATIONS } from './migrations.ts';

interface TrackDef extends NodeDef {
  /** Name of the gateway in events, where `gatewayNode` is empty. */
  readonly gateway: string;
  /** Id of the falconet-gateway config node, which keeps what outlives this one; empty for none. */
  readonly gatewayNode: string;
  /** Labels, zones, lines and masks as a camera of falconet.yaml has them; the dialog draws them. */
  readonly rules: object;
  /** Of the saved shape: 1 to 2, see migrations.ts. */
  readonly version: number;
}

/**
 * `falconet-track`: what *detect* saw in; events out, one `new` and one `end` for each object; states and counts; frames
 * with their tracks.
 */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-track', function (this: RedNode, saved: TrackDef) {
    RED.nodes.createNode(this, saved);
    const badge = createBadge(this);
    const fail = (error: unknown): Error => {
      badge.show(cannotTrack(error));
      return inWords(error);
    };
    const outlet: Outlet & Required<Pick<Outlet, 'tally'>> = {
      push: (delivery) => {
        badge.show(tells(delivery.event));
        this.send([eventMessage(delivery), null, null]);
      },
      state: (report) => this.send([null, stateMessage(report), null]),
      tally: (camera, tally) => this.send([null, tallyMessage(camera, tally), null]),
    };

    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    RED.events.once('flows:started', start); // before that, who gets the events may not be there
    let gateway: GatewayNode | undefined;
    const opening = (async (): Promise<Lanes> => {
      const def = migrated<TrackDef>(saved, MIGRATIONS);
      gateway = def.gatewayNode === '' ? undefined : gatewayOf(RED, def.gatewayNode);
      const data = await gateway?.data.acquire();
      await started;
      const name = gateway?.gatewayName ?? def.gateway;
      return openLanes({
        gateway: name,
        rules: def.rules,
        outlet,
        onTracked: (tracked) => this.send([null, null, trackedMessage(tracked)]),
        memory: data?.memoryOf(this.id),
        log: nodeLog(this),
      });
    })();
    opening.catch((error: unknown) => this.error(fail(error).message, {}));

    const follow = (camera: string, detector?: DetectorFacts): void =>
      gateway?.roster.follow(camera, { track: this.id, rules: saved.rules, ...(detector && { detector }) });
    const take = async (msg: Message): Promise<void> => {
      const state = cameraStateFrom(msg);
      const seen = state === undefined ? seenFrame(msg) : undefined;
      const lanes = await opening;
      if (seen !== undefined) {
        follow(seen.frame.camera, seen.detector);
        await lanes.look(seen);
      } else if (state !== undefined) {
        follow(state.camera);
        lanes.hear(state);
      }
    };
    this.on('input', (msg, _send, done) => {
      take(msg).then(
        () => done(),
        (error: unknown) => done(fail(error)),
      );
    });
    this.on('close', (removed, done) => {
      RED.events.off('flows:started', start);
      start();
      void opening
        .then(
          (lanes) => lanes.close(removed),
          () => {}, // it was told
        )
        .then(() => removed && gateway?.roster.forget(this.id))
        .then(() => gateway?.data.release())
        .then(() => {
          badge.close();
          done();
        });
    });
  });
}

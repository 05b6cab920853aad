import { randomBytes } from 'node:crypto';
import { type NodeRules, nodeRules } from '../../src/config/node-settings.ts';
import type { CameraState } from '../../src/core/camera-state.ts';
import { monotonic } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Delivery } from '../../src/core/sink.ts';
import { cameraLane, type Lane } from '../../src/pipeline/lane.ts';
import { rulesPlan } from '../../src/pipeline/rules-plan.ts';
import { frameMeter } from '../../src/streams/meter.ts';
import { cameraStateFrom, inWords, type SeenFrame, seenFrame } from '../lib/io.ts';
import { nodeLog } from '../lib/log.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { cannotTrack, createBadge, tells } from '../lib/status.ts';

interface TrackDef extends NodeDef {
  /** Of the events; a gateway of falconet.yaml has one too. */
  readonly gateway: string;
  /** Labels, zones, lines and masks as a camera of falconet.yaml has them; the dialog draws them. */
  readonly rules: object;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `falconet-track`: what *detect* saw in, events out, one `new` and one `end` for each object. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-track', function (this: RedNode, def: TrackDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    const run = randomBytes(4).toString('hex');
    const log = nodeLog(this);
    const clock = monotonic();
    const lanes = new Map<string, Lane>();
    /** `stream_seq` of a camera that is read again: it counts on. */
    const nextSeqs = new Map<string, number>();
    let rules: NodeRules | undefined;

    const push = ({ event, image }: Delivery): void => {
      badge.show(tells(event));
      this.send({
        topic: event.camera,
        payload: event,
        ...(image !== undefined && { image: Buffer.from(image) }),
      });
    };
    const laneOf = ({ frame: { camera }, detector }: SeenFrame): Lane => {
      const open = lanes.get(camera);
      if (open !== undefined) return open;
      rules ??= nodeRules(def.rules);
      const lane = cameraLane({
        camera,
        gateway: def.gateway,
        run,
        rules: rulesPlan(rules, TIME_ZONE),
        detector,
        streamSeq: nextSeqs.get(camera) ?? 0,
        sinks: [{ push, state: () => {} }],
        meter: frameMeter({ camera, log }),
        clock,
        log,
      });
      lanes.set(camera, lane);
      return lane;
    };
    const hear = (state: CameraState): void => {
      const lane = lanes.get(state.camera);
      if (lane === undefined) return;
      if (state.reason === 'end-of-file') lane.sourceEnded();
      if (state.reason === 'end-of-file' || state.reason === 'stopped') {
        void lane.close();
        lanes.delete(state.camera);
        nextSeqs.set(state.camera, lane.streamSeq);
      } else {
        lane.setState(state);
      }
    };
    const look = async (seen: SeenFrame): Promise<void> => {
      const { detections } = seen;
      await seen.frame.use(async (frame) => {
        const lane = laneOf(seen);
        lane.accept(frame);
        await lane.look(lent(frame), { detections, look: { why: 'always', squares: [] }, detectMs: 0 });
      });
    };

    this.on('input', (msg, _send, done) => {
      const state = cameraStateFrom(msg);
      if (state !== undefined) {
        hear(state);
        done();
        return;
      }
      const failed = (error: unknown): void => {
        badge.show(cannotTrack(error));
        done(inWords(error));
      };
      try {
        look(seenFrame(msg)).then(() => done(), failed);
      } catch (error) {
        failed(error);
      }
    });
    this.on('close', (_removed, done) => {
      void Promise.all([...lanes.values()].map((lane) => lane.close())).then(() => {
        badge.close();
        done();
      });
    });
  });
}

/** The lane gives back what it is given; this frame belongs to its handle. */
function lent(frame: Frame): Frame {
  return { ...frame, release: () => {} };
}

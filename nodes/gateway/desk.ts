import { randomBytes } from 'node:crypto';
import { nodeRules } from '../../src/config/node-settings.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Desk } from '../../src/core/desk.ts';
import { FalconetError } from '../../src/core/error.ts';
import { isoTime } from '../../src/core/iso-time.ts';
import { packageVersion } from '../../src/core/package-version.ts';
import type { BridgeHealth, BridgeInfo, CameraInfo } from '../../src/core/schema/bridge.ts';
import { cameraInfo } from '../../src/pipeline/camera-info.ts';
import { noticeBoard } from '../../src/pipeline/notice-board.ts';
import type { GatewayRoster } from './roster.ts';

export interface NodeDeskOptions {
  readonly gateway: string;
  readonly roster: GatewayRoster;
  readonly health: (startedAt: number) => BridgeHealth;
  readonly clock: Clock;
  /** How long the cameras of a deploy take to be heard of: who was told of fewer would take the rest for gone. @default 2000 */
  readonly settleMs?: number;
}

export interface NodeDesk extends Desk {
  /** Idempotent. */
  close(): void;
}

/**
 * What a gateway of Node-RED says of itself, once a frame has been looked at. It takes no requests: a flow steers its
 * cameras by messages to *camera in*.
 */
export function nodeDesk(options: NodeDeskOptions): NodeDesk {
  const { gateway, roster, health, clock, settleMs = 2_000 } = options;
  const instance = randomBytes(4).toString('hex');
  const startedAt = clock.now();
  const board = noticeBoard(() => health(startedAt));
  let settling: NodeJS.Timeout | undefined;

  const tell = (): void => {
    settling = undefined;
    const { detector } = roster;
    if (detector === undefined) return;
    const { model, engine, labels = [] } = detector;
    const info: BridgeInfo = {
      schema: 'falconet/bridge-info/1',
      version: packageVersion,
      gateway,
      instance,
      started: isoTime(startedAt),
      model: { name: model.name, sha256: model.sha256, labels: [...labels] },
      engine: { name: engine.name, version: engine.version },
      log_level: 'info',
      cameras: camerasOf(roster, labels),
      configuration: {}, // it is the flow
    };
    board.tell(info);
  };
  const unwatch = roster.watch(() => {
    settling ??= setTimeout(tell, settleMs).unref();
  });
  settling = setTimeout(tell, settleMs).unref();

  const refuse = async (): Promise<never> => {
    throw new FalconetError('REQUEST_REFUSED', 'a flow takes no requests', {
      hint: 'Send a message to camera in, which starts and stops by it',
    });
  };
  return {
    watch: board.watch,
    request: refuse,
    set: refuse,
    close() {
      unwatch();
      clearTimeout(settling);
      board.close();
    },
  };
}

function camerasOf({ cameras }: GatewayRoster, labels: readonly string[]): Record<string, CameraInfo> {
  const known = [...cameras].flatMap(([camera, { rules }]) => {
    try {
      return [[camera, cameraInfo(nodeRules(rules), { labels })] as const];
    } catch {
      return []; // *track* says what is wrong with them
    }
  });
  return Object.fromEntries(known);
}

import type { BridgeInfo } from '../../src/core/schema/bridge.ts';
import type { Actions } from '../../src/daemon/actions.ts';
import { type GatewayDesk, openDesk } from '../../src/daemon/desk.ts';
import { withSetting } from '../../src/daemon/switches.ts';
import { bridgeHealth } from '../../src/pipeline/bridge-health.ts';
import { aBridgeInfo } from './bridge.ts';

/** The gateway's own desk, of a gateway that does nothing. */
export function idleDesk(info: BridgeInfo = aBridgeInfo(), changes: Partial<Actions> = {}): GatewayDesk {
  const camera = { settings: { labels: { person: {} } } as never, isRecorded: true };
  const desk = openDesk({
    health: () => bridgeHealth({ now: 0, startedAt: 0, states: [], queues: [] }),
    restart: async () => {},
    reload: async () => [],
    set: async (_, settings) => void settings.reduce((all, one) => withSetting(all, one, camera), {}),
    snapshot: async () => ({ jpeg: new Uint8Array(1), width: 1, height: 1, time: 0 }),
    setLogLevel() {},
    ...changes,
  });
  desk.tell(info);
  return desk;
}

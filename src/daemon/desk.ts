import type { Desk, Notice } from '../core/desk.ts';
import { FalconetError } from '../core/error.ts';
import type { BridgeInfo } from '../core/schema/bridge.ts';
import { type Actions, carryOut } from './actions.ts';

export interface GatewayDesk extends Desk {
  /** To all that watch, and to those that come. */
  tell(info: BridgeInfo): void;
  /** To all that watch now. */
  pass(notice: Extract<Notice, { kind: 'log' | 'frame' }>): void;
  /** Idempotent. */
  close(): void;
}

const HEALTH_EVERY_MS = 30_000;

/** Where a gateway tells of itself and takes what it is asked for. */
export function openDesk(actions: Actions): GatewayDesk {
  const listeners = new Set<(notice: Notice) => void>();
  let info: BridgeInfo | undefined;
  const healthNow = (): Notice => ({ kind: 'health', health: actions.health() });
  const tellAll = (notice: Notice): void => {
    for (const listener of listeners) listener(notice);
  };
  const refuseAtStart = (): void => {
    if (info === undefined) throw new FalconetError('REQUEST_REFUSED', 'the gateway is starting');
  };
  const telling = setInterval(() => {
    if (info !== undefined) tellAll(healthNow());
  }, HEALTH_EVERY_MS).unref();
  return {
    watch(listener) {
      listeners.add(listener);
      if (info !== undefined) {
        listener({ kind: 'info', info });
        listener(healthNow());
      }
      return () => void listeners.delete(listener);
    },
    async request(verb, body) {
      refuseAtStart();
      return carryOut(verb, body, actions);
    },
    async set(camera, name, value) {
      refuseAtStart();
      await actions.set(camera, [{ name, value }]);
    },
    tell(next) {
      const isFirst = info === undefined;
      info = next;
      tellAll({ kind: 'info', info });
      if (isFirst) tellAll(healthNow());
    },
    pass: tellAll,
    close() {
      clearInterval(telling);
      listeners.clear();
    },
  };
}

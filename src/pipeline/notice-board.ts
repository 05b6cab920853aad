import type { Desk, Notice } from '../core/desk.ts';
import type { BridgeHealth, BridgeInfo } from '../core/schema/bridge.ts';

/** Where a gateway tells of itself. */
export interface NoticeBoard extends Pick<Desk, 'watch'> {
  /** Whether it was told yet what the gateway is. */
  readonly isOpen: boolean;
  /** To all that watch, and to those that come. */
  tell(info: BridgeInfo): void;
  /** To all that watch now. */
  pass(notice: Extract<Notice, { kind: 'log' | 'frame' }>): void;
  /** Idempotent. */
  close(): void;
}

const HEALTH_EVERY_MS = 30_000;

/** @param healthNow - asked with the first `tell`, for each that comes later, and every 30 s. */
export function noticeBoard(healthNow: () => BridgeHealth): NoticeBoard {
  const listeners = new Set<(notice: Notice) => void>();
  let info: BridgeInfo | undefined;
  const healthNotice = (): Notice => ({ kind: 'health', health: healthNow() });
  const tellAll = (notice: Notice): void => {
    for (const listener of listeners) listener(notice);
  };
  const telling = setInterval(() => {
    if (info !== undefined) tellAll(healthNotice());
  }, HEALTH_EVERY_MS).unref();
  return {
    get isOpen() {
      return info !== undefined;
    },
    watch(listener) {
      listeners.add(listener);
      if (info !== undefined) {
        listener({ kind: 'info', info });
        listener(healthNotice());
      }
      return () => void listeners.delete(listener);
    },
    tell(next) {
      const isFirst = info === undefined;
      info = next;
      tellAll({ kind: 'info', info });
      if (isFirst) tellAll(healthNotice());
    },
    pass: tellAll,
    close() {
      clearInterval(telling);
      listeners.clear();
    },
  };
}

import type { StateReport } from '../core/camera-state.ts';
import { isoTime } from '../core/iso-time.ts';

/** One publish; everything goes out with QoS 1. */
export interface Message {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  /** Kept by the broker for whoever subscribes later: right for a state, wrong for news. */
  readonly retain: boolean;
  readonly contentType: 'application/json' | 'text/plain' | 'image/jpeg';
  /** s after which nobody needs it any more, for MQTT 5. @default never */
  readonly expiryS?: number;
  /** What an answer is known by to whoever asked, for MQTT 5. @default nothing */
  readonly correlationData?: Uint8Array;
  /** For MQTT 5. @default none */
  readonly userProperties?: Readonly<Record<string, string>>;
  /** Instead, where MQTT 3.1.1 is spoken, which has no properties. @default `payload` */
  readonly plainPayload?: string;
}

export interface Presence {
  /** What the broker says for us when we vanish. It covers the bridge; a camera's state counts while that is online. */
  readonly will: Message;
  /** That the bridge is there, see still-online.ts. */
  readonly online: Message;
  /** After each connect: every state of a camera again, as it may have changed meanwhile. */
  greeting(): Message[];
  /** Remembers a camera's state for the next greeting. */
  tell(report: StateReport): Message;
  /**
   * Before a clean end, when no last will is published (MQTT 3.1.1, section 3.14.4): every camera told of stops,
   * but for those that are disabled.
   */
  farewell(nowMs: number): Message[];
}

/** The retained states of one gateway: `<base>/bridge/state` and `<base>/camera/<camera>/state`. */
export function presence(baseTopic: string): Presence {
  const latest = new Map<string, StateReport>();
  const bridge = (state: 'online' | 'offline'): Message => ({
    topic: `${baseTopic}/bridge/state`,
    payload: JSON.stringify({ state }),
    retain: true,
    contentType: 'application/json',
  });
  const stateOf = ({ camera, state, reason, since, fps, frames, health, refused }: StateReport): Message => ({
    topic: `${baseTopic}/camera/${camera}/state`,
    payload: JSON.stringify({
      state,
      reason,
      since: isoTime(since),
      fps: Math.round(fps * 100) / 100,
      frames,
      health: Object.fromEntries(
        Object.entries(health).map(([condition, from]) => [condition, isoTime(from)]),
      ),
      refused,
    }),
    retain: true,
    contentType: 'application/json',
  });
  return {
    will: bridge('offline'),
    online: bridge('online'),
    greeting: () => [...latest.values()].map(stateOf),
    tell(report) {
      latest.set(report.camera, report);
      return stateOf(report);
    },
    farewell: (nowMs) => [
      ...[...latest.values()]
        .filter(({ state }) => state !== 'disabled')
        .map((report) => stateOf({ ...report, state: 'offline', reason: 'stopped', since: nowMs, fps: 0 })),
      bridge('offline'),
    ],
  };
}

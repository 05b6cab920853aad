import type { Desk, Notice } from '../core/desk.ts';
import { fourDecimals } from '../core/four-decimals.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import type { BridgeInfo } from '../core/schema/bridge.ts';
import type { FrameDetections } from '../core/schema/topics.ts';
import { bridgeTopics } from './bridge-topics.ts';
import type { Hearing, Received } from './broker.ts';
import { announcer } from './homeassistant/announcer.ts';
import { neighbours } from './neighbours.ts';
import { passing } from './passing.ts';
import type { Message } from './presence.ts';
import { requests } from './requests.ts';
import { retainedTopics } from './retained.ts';

export interface BridgeOptions {
  readonly baseTopic: string;
  /** Its name. */
  readonly gateway: string;
  readonly desk: Desk;
  /** Whether Home Assistant is told of the gateway's devices. @default false */
  readonly homeassistant?: boolean | undefined;
  /** Whether requests and switches are heard. @default true */
  readonly requests?: boolean | undefined;
  /** Whether what the model sees in each frame is told. @default false */
  readonly detections?: boolean | undefined;
  /** Longest wait after Home Assistant has started, at random, so that a house full of gateways does not answer at once. @default 2000 */
  readonly jitterMs?: number;
  isConnected(): boolean;
  /** Settles when the broker has the message, however many connections that takes. */
  publish(message: Message): Promise<void>;
  readonly log: Log;
}

/** What a gateway says of itself on a broker, and what it hears there. */
export interface Bridge {
  readonly hearing: Hearing;
  /** After each connect. */
  greeting(): Message[];
  close(): void;
}

const PREFIX = 'homeassistant';
/** Unacknowledged; what comes beyond is not told. */
const MOST_LINES = 16;
const MOST_FRAMES = 32;

/**
 * Keeps `<base>/bridge/info`, `<base>/bridge/health`, the state of switches and the devices of Home Assistant as the
 * desk tells them, and takes requests and switches to it.
 */
export function bridge(options: BridgeOptions): Bridge {
  const {
    baseTopic,
    gateway,
    desk,
    homeassistant = false,
    detections = false,
    jitterMs = 2_000,
    isConnected,
    publish,
    log,
  } = options;
  const { requests: isHeard = true } = options;
  const infoTopic = `${baseTopic}/bridge/info`;
  const topics = retainedTopics({ isConnected, publish });
  const asked = isHeard ? requests({ baseTopic, desk, publish, foreign: [PREFIX], log }) : undefined;
  const announced = homeassistant ? announcer({ baseTopic, gateway, prefix: PREFIX, isHeard }) : undefined;
  const lines = passing({ isConnected, publish, most: MOST_LINES });
  const frames = passing({ isConnected, publish, most: MOST_FRAMES });
  let isNeighbour: ReturnType<typeof neighbours> | undefined;
  /** What the broker had kept before this one has told anything. */
  let kept: Received | undefined;
  let rebirth: NodeJS.Timeout | undefined;

  /** In this order; a message that is lost with its connection is made up for after the next connect. */
  const publishAll = (messages: readonly Message[]): void => {
    if (isConnected()) for (const message of messages) publish(message).catch(() => {});
  };
  const tellInfo = (info: BridgeInfo): void => {
    const { instance } = info;
    isNeighbour ??= neighbours({ baseTopic, gateway, instance, log });
    if (kept !== undefined) isNeighbour(kept);
    kept = undefined;
    topics.tell('info', bridgeTopics(baseTopic, info)).catch(() => {});
    publishAll(announced?.tell(info) ?? []);
  };
  const unwatch = desk.watch((notice: Notice) => {
    switch (notice.kind) {
      case 'info':
        tellInfo(notice.info);
        break;
      case 'health': {
        const health = new Map([[`${baseTopic}/bridge/health`, JSON.stringify(notice.health)]]);
        topics.tell('health', health).catch(() => {});
        break;
      }
      case 'log':
        lines.tell(`${baseTopic}/bridge/logging`, notice.line);
        break;
      case 'frame':
        if (detections)
          frames.tell(`${baseTopic}/camera/${notice.report.camera}/detections`, seenIn(notice.report));
    }
  });

  const hearing: Hearing = {
    subscriptions: [...(asked?.subscriptions ?? []), infoTopic, ...(announced?.subscriptions ?? [])],
    onMessage(message) {
      const { topic, payload, retain } = message;
      if (asked?.isFor(topic)) void asked.take(message);
      else if (topic === infoTopic && isNeighbour === undefined) kept = message;
      else if (topic === infoTopic) isNeighbour?.(message);
      else if (announced === undefined) return;
      else if (retain) publishAll(announced.heard(topic, payload));
      else if (announced.isBirth(topic, payload)) {
        rebirth ??= setTimeout(() => {
          rebirth = undefined;
          publishAll(announced.again());
        }, Math.random() * jitterMs).unref();
      }
    },
    onSubscribed: () => publishAll(announced?.again() ?? []),
  };
  return {
    hearing,
    greeting: () => topics.greeting(),
    close() {
      unwatch();
      clearTimeout(rebirth);
    },
  };
}

function seenIn({ seq, pts, look, detections }: FrameReport): FrameDetections {
  return {
    seq,
    pts,
    why: look.why,
    detections: detections.map(({ label, score, box: [x, y, width, height] }) => ({
      label,
      score: fourDecimals(score),
      box: [fourDecimals(x), fourDecimals(y), fourDecimals(width), fourDecimals(height)],
    })),
  };
}

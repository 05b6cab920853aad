import type { GatewaySettings, NodeBroker } from '../../src/config/node-settings.ts';
import type { StateReport } from '../../src/core/camera-state.ts';
import { monotonic } from '../../src/core/clock.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Log } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Sink } from '../../src/core/sink.ts';
import { bridgeHealth } from '../../src/pipeline/bridge-health.ts';
import { brokerPlan } from '../../src/pipeline/broker-plan.ts';
import { expiryS, outboxLimits } from '../../src/pipeline/outbox-limits.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { type Outbox, passingOutbox } from '../../src/sinks/outbox.ts';
import { queued, type SinkQueue } from '../../src/sinks/queue.ts';
import type { LinkNews, MqttOutlet } from '../lib/gateway-node.ts';
import type { Shared } from '../lib/shared.ts';
import type { OwnData } from './data.ts';
import { nodeDesk } from './desk.ts';
import type { GatewayRoster } from './roster.ts';

export interface OpenMqttOptions {
  readonly settings: GatewaySettings;
  readonly broker: NodeBroker;
  readonly data: Shared<OwnData>;
  readonly roster: GatewayRoster;
  readonly log: Log;
}

/**
 * Connects as the gateway, with its last will, and sends what the outbox has. A broker that is away is no reason to
 * fail: it is tried again in the background.
 */
export async function openMqtt(options: OpenMqttOptions): Promise<MqttOutlet> {
  const { settings, broker, data, roster, log } = options;
  const { name: gateway, homeassistant } = settings;
  const clock = monotonic();
  const states = new Map<string, StateReport>();
  const queues: SinkQueue[] = [];
  const health = (startedAt: number) => {
    for (const camera of states.keys()) if (!roster.cameras.has(camera)) states.delete(camera);
    return bridgeHealth({ now: clock.now(), startedAt, states: states.values(), queues });
  };
  const desk = nodeDesk({ gateway, roster, health, clock });
  const listeners = new Set<(news: LinkNews) => void>();
  let latest: LinkNews | undefined;
  const hear = (news: LinkNews): void => {
    latest = news;
    for (const listener of listeners) listener(news);
  };
  const sink = mqttSink({
    ...brokerPlan(broker.mqtt, broker.files),
    gateway,
    desk,
    homeassistant,
    requests: false,
    expiryS: expiryS(settings),
    log: overheard(log, hear),
    clock,
  });
  const results = new WeakMap<FalconetEvent, (error?: unknown) => void>();
  const kept = new WeakMap<FalconetEvent, Promise<unknown>>();
  const { outboxOf } = await data.acquire();
  const outbox = noting(outboxOf?.('mqtt') ?? passingOutbox(), kept);
  const queue = queued(telling(sink, results), { ...outboxLimits(settings), log, clock, outbox });
  queues.push(queue);
  return {
    async push(delivery, onResult) {
      results.set(delivery.event, onResult);
      queue.push(delivery);
      await kept.get(delivery.event);
    },
    watch(listener) {
      listeners.add(listener);
      if (latest !== undefined) listener(latest);
      return () => listeners.delete(listener);
    },
    state(report) {
      if (roster.cameras.has(report.camera)) states.set(report.camera, report);
      queue.state(report);
    },
    tally: queue.tally,
    async close() {
      desk.close();
      await queue.close();
      await data.release();
    },
  };
}

/** A log of which the lines about the connection are told, too: they name the broker in their facts. */
function overheard(log: Log, hear: (news: LinkNews) => void): Log {
  const on =
    (isUp: boolean, level: 'info' | 'warn'): Log['info'] =>
    (facts, sentence) => {
      const { broker, hint } = facts;
      if (broker !== undefined)
        hear({ isUp, sentence: hint === undefined ? sentence : `${sentence}. ${hint}.` });
      log[level](facts, sentence);
    };
  return { ...log, info: on(true, 'info'), warn: on(false, 'warn') };
}

/** An outbox that tells when it has an event. */
function noting(outbox: Outbox, kept: WeakMap<FalconetEvent, Promise<unknown>>): Outbox {
  return {
    ...outbox,
    hold(delivery) {
      const held = outbox.hold(delivery);
      kept.set(delivery.event, held.kept);
      return held;
    },
  };
}

/** A sink that tells what became of each event, once; a broker that is away decides nothing. */
function telling(sink: Sink, results: WeakMap<FalconetEvent, (error?: unknown) => void>): Sink {
  return {
    ...sink,
    async write(delivery) {
      const tell = results.get(delivery.event) ?? (() => {});
      try {
        await sink.write(delivery);
        tell();
      } catch (error) {
        if (!(error instanceof FalconetError && error.code === 'SINK_OFFLINE')) tell(error);
        throw error;
      }
    },
  };
}

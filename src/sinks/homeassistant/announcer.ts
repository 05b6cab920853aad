import type { BridgeInfo } from '../../core/schema/bridge.ts';
import type { Message } from '../presence.ts';
import { retained } from '../retained.ts';
import type { Component, Device } from './component.ts';
import { devicesOf, isDeviceOf } from './devices.ts';

export interface AnnouncerOptions {
  readonly baseTopic: string;
  /** Its name. */
  readonly gateway: string;
  /** Topics of Home Assistant's discovery start here. @default 'homeassistant' */
  readonly prefix?: string;
  /** Whether the gateway hears what Home Assistant would set. @default true */
  readonly isHeard?: boolean;
}

/** Tells Home Assistant of a gateway's devices, and takes back what is gone. It publishes nothing itself. */
export interface Announcer {
  /** What it has to hear: Home Assistant's birth message, and what stands on the broker from before. */
  readonly subscriptions: readonly string[];
  /** What has to be published, in this order, for this to be what Home Assistant knows. */
  tell(info: BridgeInfo): Message[];
  /** All devices again. */
  again(): Message[];
  /**
   * A retained message of one of the subscriptions. What it calls for has to be published, in this order; of what is
   * heard before the first `tell`, that tells.
   */
  heard(topic: string, payload: Uint8Array): Message[];
  /** Whether a message says that Home Assistant has started and wants to hear all again. */
  isBirth(topic: string, payload: Uint8Array): boolean;
}

/** Far above what a device takes. */
const MOST_BYTES = 1_000_000;

/** By key of a component its platform: what it takes to remove it. */
type Platforms = Readonly<Record<string, string>>;

/**
 * Device discovery. Home Assistant forgets a component only when it is told so: a message that leaves nothing of it but
 * its platform, and then one without it; a device goes with an empty message. What this gateway announced before its
 * start is known from what the broker kept.
 */
export function announcer(options: AnnouncerOptions): Announcer {
  const { baseTopic, gateway, prefix = 'homeassistant', isHeard = true } = options;
  const birthTopic = `${prefix}/status`;
  const onBroker = new Map<string, Platforms>();
  let isTold = false;
  let wanted: ReadonlyMap<string, Device> = new Map();

  const topicOf = (id: string): string => `${prefix}/device/${id}/config`;

  /** What brings the broker from what stands there to what is wanted of one device. */
  function messagesOf(id: string): Message[] {
    const device = wanted.get(id);
    const known = onBroker.get(id) ?? {};
    if (device === undefined) {
      onBroker.delete(id);
      return [retained(topicOf(id), '')];
    }
    onBroker.set(id, platformsOf(device.components));
    const gone = Object.entries(known).filter(([key]) => !Object.hasOwn(device.components, key));
    const whole = retained(topicOf(id), JSON.stringify(device));
    if (gone.length === 0) return [whole];
    const removed = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
    const components = { ...device.components, ...removed };
    return [retained(topicOf(id), JSON.stringify({ ...device, components })), whole];
  }

  return {
    subscriptions: [birthTopic, topicOf('+')],
    tell(info) {
      const before = wanted;
      wanted = devicesOf(baseTopic, info, { isHeard });
      const changed = [...wanted].filter(([id, device]) => !isSame(device, before.get(id)));
      const gone = [...onBroker.keys()].filter((id) => !wanted.has(id));
      isTold = true;
      return [...gone, ...changed.map(([id]) => id)].flatMap(messagesOf);
    },
    again: () => [...wanted.keys()].flatMap(messagesOf),
    heard(topic, payload) {
      const id = topic.slice(prefix.length + '/device/'.length, -'/config'.length);
      if (!isDeviceOf(gateway, id) || topic !== topicOf(id)) return [];
      const found = componentsOf(payload, `falconet.${gateway}`);
      if (found === undefined) return [];
      const device = wanted.get(id);
      const isCurrent =
        device !== undefined && Object.keys(found).every((key) => Object.hasOwn(device.components, key));
      if (isCurrent) return [];
      onBroker.set(id, { ...found, ...onBroker.get(id) });
      return isTold ? messagesOf(id) : [];
    },
    isBirth: (topic, payload) => topic === birthTopic && Buffer.from(payload).toString() === 'online',
  };
}

function isSame(a: Device, b: Device | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function platformsOf(components: Readonly<Record<string, Component>>): Platforms {
  return Object.fromEntries(Object.entries(components).map(([key, { platform }]) => [key, platform]));
}

/**
 * What a retained message of an earlier start announced; undefined for one that is not this gateway's, whatever its
 * topic says, or that cannot be read.
 */
function componentsOf(payload: Uint8Array, gatewayId: string): Platforms | undefined {
  if (payload.length > MOST_BYTES) return undefined;
  try {
    const { device, components } = JSON.parse(Buffer.from(payload).toString()) as Partial<Device>;
    const [id] = device?.identifiers ?? [];
    if (id !== gatewayId && !id?.startsWith(`${gatewayId}.`)) return undefined;
    return platformsOf(components ?? {});
  } catch {
    return undefined; // not ours: as good as nothing
  }
}

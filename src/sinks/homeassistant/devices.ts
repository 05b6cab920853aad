import type { BridgeInfo } from '../../core/schema/bridge.ts';
import { cameraParts } from './camera-parts.ts';
import { type Device, named, type Part } from './component.ts';
import { gatewayParts } from './gateway-parts.ts';

export interface DevicesOptions {
  /** Whether there are entities that set something. @default true */
  readonly isHeard?: boolean;
}

/**
 * The devices of a gateway by the id in their topic: the gateway itself as `falconet_<gateway>`, and each camera, which
 * names it as the device it is reached through, as `falconet_<gateway>__<camera>`.
 *
 * The form is that of device discovery, home-assistant/core, components/mqtt/schemas.py at commit 0f5c1b54.
 */
export function devicesOf(
  baseTopic: string,
  info: BridgeInfo,
  { isHeard = true }: DevicesOptions = {},
): Map<string, Device> {
  const { gateway, version, cameras } = info;
  const id = `falconet.${gateway}`;
  const made = { manufacturer: 'Falconet', sw_version: version } as const;
  const rest = { origin: { name: 'Falconet', sw_version: version }, qos: 1 } as const;
  const offered = (parts: Readonly<Record<string, Part>>): Record<string, Part> =>
    Object.fromEntries(
      Object.entries(parts).filter(([, part]) => isHeard || part['command_topic'] === undefined),
    );
  const devices = new Map<string, Device>();
  devices.set(gatewayDeviceId(gateway), {
    device: { identifiers: [id], name: `Falconet ${gateway}`, model: 'Gateway', ...made },
    ...rest,
    components: named(offered(gatewayParts(baseTopic)), { id, entity: `falconet_${gateway}` }),
  });
  for (const [camera, cameraInfo] of Object.entries(cameras)) {
    const own = `${id}.${camera}`;
    devices.set(`${gatewayDeviceId(gateway)}__${camera}`, {
      device: { identifiers: [own], name: camera, model: 'Camera', via_device: id, ...made },
      ...rest,
      components: named(offered(cameraParts({ baseTopic, camera, info: cameraInfo })), {
        id: own,
        entity: camera,
      }),
    });
  }
  return devices;
}

/** Whether the id in a topic is that of a device of this gateway, one that is gone included. */
export function isDeviceOf(gateway: string, id: string): boolean {
  return id === gatewayDeviceId(gateway) || id.startsWith(`${gatewayDeviceId(gateway)}__`);
}

function gatewayDeviceId(gateway: string): string {
  return `falconet_${gateway}`;
}

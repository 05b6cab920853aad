import type { BridgeInfo } from '../../core/schema/bridge.ts';
import { cameraParts } from './camera-parts.ts';
import { type Device, named } from './component.ts';
import { gatewayParts } from './gateway-parts.ts';

/**
 * The devices of a gateway by the id in their topic: the gateway itself as `falconet_<gateway>`, and each camera, which
 * names it as the device it is reached through, as `falconet_<gateway>__<camera>`.
 *
 * The form is that of device discovery, home-assistant/core, components/mqtt/schemas.py at commit 0f5c1b54.
 */
export function devicesOf(baseTopic: string, info: BridgeInfo): Map<string, Device> {
  const { gateway, version, cameras } = info;
  const id = `falconet.${gateway}`;
  const made = { manufacturer: 'Falconet', sw_version: version } as const;
  const rest = { origin: { name: 'Falconet', sw_version: version }, qos: 1 } as const;
  const devices = new Map<string, Device>();
  devices.set(gatewayDeviceId(gateway), {
    device: { identifiers: [id], name: `Falconet ${gateway}`, model: 'Gateway', ...made },
    ...rest,
    components: named(gatewayParts(baseTopic), { id, entity: `falconet_${gateway}` }),
  });
  for (const [camera, cameraInfo] of Object.entries(cameras)) {
    const own = `${id}.${camera}`;
    devices.set(`${gatewayDeviceId(gateway)}__${camera}`, {
      device: { identifiers: [own], name: camera, model: 'Camera', via_device: id, ...made },
      ...rest,
      components: named(cameraParts({ baseTopic, camera, info: cameraInfo }), { id: own, entity: camera }),
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

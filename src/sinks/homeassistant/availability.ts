import type { Availability } from './component.ts';

/** Whether the gateway is there. Its state is one of the two words. */
export function bridgeAvailability(baseTopic: string): Pick<AvailabilityOptions, 'availability'> {
  return { availability: [ofBridge(baseTopic)] };
}

/** Whether the gateway is there and the camera gives pictures. */
export function cameraAvailability(baseTopic: string, camera: string): AvailabilityOptions {
  const ofCamera = {
    topic: `${baseTopic}/camera/${camera}/state`,
    value_template: "{{ 'online' if value_json.state == 'online' else 'offline' }}",
  };
  return { availability: [ofBridge(baseTopic), ofCamera], availability_mode: 'all' };
}

interface AvailabilityOptions {
  readonly availability: readonly Availability[];
  readonly availability_mode: 'all';
}

function ofBridge(baseTopic: string): Availability {
  return {
    topic: `${baseTopic}/bridge/state`,
    value_template: "{{ 'online' if value_json.state == 'online' else 'offline' }}",
  };
}

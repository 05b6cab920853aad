/**
 * One entity of a device, in Home Assistant's words: what each platform takes is at home-assistant.io/integrations/mqtt.
 */
export interface Component extends Part {
  readonly unique_id: string;
  readonly default_entity_id: string;
}

/** What an entity is, but for what it is known by. */
export interface Part {
  readonly platform: 'binary_sensor' | 'sensor' | 'event' | 'image' | 'switch' | 'number' | 'button';
  readonly name: string;
  readonly availability?: readonly Availability[];
  readonly availability_mode?: 'all';
  readonly [option: string]: unknown;
}

export interface Availability {
  readonly topic: string;
  /** Gives exactly `online` or `offline`. */
  readonly value_template: string;
}

/** A message of device discovery: all of a device at once. */
export interface Device {
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly manufacturer: 'Falconet';
    readonly model: string;
    readonly sw_version: string;
    readonly via_device?: string;
  };
  readonly origin: { readonly name: 'Falconet'; readonly sw_version: string };
  readonly qos: 1;
  readonly components: Readonly<Record<string, Component>>;
}

/**
 * Names parts for good: by a dot, which no name of a camera, zone or line has, so that no two ids are the same.
 *
 * @param id - of the device, such as `falconet.home.drive`.
 * @param entity - what its entities' ids begin with, such as `drive`.
 */
export function named(
  parts: Readonly<Record<string, Part>>,
  { id, entity }: { readonly id: string; readonly entity: string },
): Record<string, Component> {
  return Object.fromEntries(
    Object.entries(parts).map(([key, part]) => {
      const plain = `${entity}_${key}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
      const ids = { unique_id: `${id}.${key}`, default_entity_id: `${part.platform}.${plain}` };
      return [key, { ...ids, ...part }];
    }),
  );
}

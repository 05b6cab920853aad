// What Home Assistant takes by MQTT, as read in home-assistant/core at commit 0f5c1b54: components/mqtt/schemas.py for
// devices, and the schema of each platform. It drops keys that it does not know without a word; here they are mistakes.
import { z } from 'zod';

/** A topic that can be published to. */
const topic = z.string().regex(/^[^#+\0]{1,200}$/);
const template = z.string().regex(/\{\{.*\}\}/s);
const icon = z.string().regex(/^mdi:[a-z-]+$/);

const availability = z
  .array(z.strictObject({ topic, value_template: template }))
  .min(1)
  .optional();

const entity = z.strictObject({
  unique_id: z.string().min(1),
  name: z.string().min(1),
  default_entity_id: z.string(),
  availability,
  availability_mode: z.enum(['all', 'any', 'latest']).optional(),
  entity_category: z.enum(['config', 'diagnostic']).optional(),
  enabled_by_default: z.boolean().optional(),
  icon: icon.optional(),
});
/** `default_entity_id` is of the platform, and what Home Assistant would make a slug of already. */
const of = <P extends string>(platform: P) => ({
  platform: z.literal(platform),
  default_entity_id: z.string().regex(new RegExp(`^${platform}\\.[a-z0-9]+(?:_[a-z0-9]+)*$`)),
});

const component = z.discriminatedUnion('platform', [
  entity.extend({
    ...of('binary_sensor'),
    state_topic: topic,
    value_template: template.optional(),
    device_class: z.enum(['connectivity', 'motion', 'occupancy']).optional(),
  }),
  entity
    .extend({
      ...of('sensor'),
      state_topic: topic,
      value_template: template.optional(),
      device_class: z.enum(['data_size']).optional(),
      state_class: z.enum(['measurement', 'total_increasing']).optional(),
      unit_of_measurement: z.string().min(1).optional(),
    })
    // A data size has one of the units of components/sensor/const.py.
    .refine((sensor) => sensor.device_class !== 'data_size' || sensor.unit_of_measurement === 'MB'),
  entity.extend({
    ...of('event'),
    state_topic: topic,
    value_template: template,
    event_types: z.array(z.string().min(1)).min(1),
  }),
  entity.extend({ ...of('image'), image_topic: topic, content_type: z.literal('image/jpeg') }),
  entity.extend({ ...of('switch'), state_topic: topic, command_topic: topic }),
  entity.extend({
    ...of('number'),
    state_topic: topic,
    command_topic: topic,
    min: z.number(),
    max: z.number(),
    step: z.number().min(0.001),
    mode: z.enum(['auto', 'box', 'slider']),
  }),
  entity.extend({
    ...of('button'),
    command_topic: topic,
    payload_press: z.string(),
    device_class: z.enum(['restart']).optional(),
  }),
]);

/** The whole message of a device. */
export const deviceRules = z.strictObject({
  device: z.strictObject({
    identifiers: z.array(z.string().min(1)).min(1),
    name: z.string().min(1),
    manufacturer: z.string(),
    model: z.string(),
    sw_version: z.string(),
    via_device: z.string().optional(),
  }),
  origin: z.strictObject({ name: z.string().min(1), sw_version: z.string() }),
  qos: z.literal([0, 1, 2]),
  components: z.record(z.string().min(1), component),
});

/** Where it goes: components/mqtt/discovery.py, TOPIC_MATCHER. */
export const DEVICE_TOPIC = /^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/;

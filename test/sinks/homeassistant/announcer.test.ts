import { expect, test } from 'vitest';
import { announcer } from '../../../src/sinks/homeassistant/announcer.ts';
import type { Message } from '../../../src/sinks/presence.ts';
import { aBridgeInfo, aCameraInfo } from '../../helpers/bridge.ts';

const GATEWAY = 'homeassistant/device/falconet_home/config';
const DRIVE = 'homeassistant/device/falconet_home__drive/config';
const SHED = 'homeassistant/device/falconet_home__shed/config';
const withoutZone = aBridgeInfo({ cameras: { drive: aCameraInfo({ zones: {} }) } });
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function start(info = aBridgeInfo()) {
  const announced = announcer({ baseTopic: 'falconet', gateway: 'home' });
  return { announced, first: announced.tell(info) };
}
const componentsIn = ({ payload }: Message) => Object.entries(JSON.parse(String(payload)).components);

test('all devices are told at first, retained, and nothing again while nothing differs', () => {
  const { announced, first } = start();
  expect(first.map(({ topic, retain }) => [topic, retain])).toEqual([
    [GATEWAY, true],
    [DRIVE, true],
  ]);
  expect(announced.tell(aBridgeInfo({ log_level: 'debug' }))).toEqual([]);
  expect(announced.again().map(({ payload }) => payload)).toEqual(first.map(({ payload }) => payload));
});

test('what goes with a zone is taken back: first only its platform is left of it, then nothing', () => {
  const { announced } = start();
  const [removal, whole, ...rest] = announced.tell(withoutZone);
  expect(rest).toEqual([]);
  const removed = componentsIn(removal as Message).filter(([key]) => key.startsWith('zone.'));
  expect(removed).toEqual([
    ['zone.gate.occupied', { platform: 'binary_sensor' }],
    ['zone.gate.count.person', { platform: 'sensor' }],
  ]);
  expect(componentsIn(whole as Message).map(([key]) => key)).not.toContain('zone.gate.occupied');
  expect(announced.again()).toHaveLength(2);
});

test('a camera that goes is taken back with an empty message', () => {
  const { announced } = start();
  expect(announced.tell(aBridgeInfo({ cameras: {} }))).toMatchObject([
    { topic: DRIVE, payload: '', retain: true },
  ]);
});

test('a zone that went while the gateway was stopped is known from what the broker kept', () => {
  const { first } = start();
  const before = first[1]?.payload ?? '';
  const { announced } = start(withoutZone);
  const messages = announced.heard(DRIVE, bytes(String(before)));
  expect(messages.map(({ topic }) => topic)).toEqual([DRIVE, DRIVE]);
  expect(String(messages[0]?.payload)).toContain('"zone.gate.occupied":{"platform":"binary_sensor"}');
  expect(announced.heard(DRIVE, bytes(String(messages[1]?.payload)))).toEqual([]);
});

test('a camera that went meanwhile is taken back too', () => {
  const { announced } = start();
  const shed = { device: { identifiers: ['falconet.home.shed'] }, components: {} };
  expect(announced.heard(SHED, bytes(shed))).toMatchObject([{ topic: SHED, payload: '' }]);
});

test.each([
  { name: 'of another gateway', topic: 'homeassistant/device/falconet_hut/config', payload: {} },
  {
    name: 'of a gateway whose name begins like this one',
    topic: SHED,
    payload: { device: { identifiers: ['falconet.home__shed'] }, components: {} },
  },
  { name: 'of something else', topic: 'homeassistant/device/0x00158d/config', payload: { components: {} } },
  { name: 'that is no JSON', topic: SHED, payload: '{' },
  { name: 'that is empty', topic: DRIVE, payload: '' },
  { name: 'that is null', topic: DRIVE, payload: 'null' },
  { name: 'with components of another form', topic: SHED, payload: { components: { a: null } } },
])('a device $name is left alone', ({ topic, payload }) => {
  expect(start().announced.heard(topic, bytes(payload))).toEqual([]);
});

test('only the word online at its topic is a birth', () => {
  const { announced } = start();
  expect(announced.isBirth('homeassistant/status', bytes('online'))).toBe(true);
  expect(announced.isBirth('homeassistant/status', bytes('offline'))).toBe(false);
  expect(announced.isBirth(GATEWAY, bytes('online'))).toBe(false);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nodeDesk } from '../../nodes/gateway/desk.ts';
import { gatewayRoster } from '../../nodes/gateway/roster.ts';
import { setClock } from '../../src/core/clock.ts';
import type { Notice } from '../../src/core/desk.ts';
import { bridgeInfoSchema } from '../../src/core/schema/bridge.ts';
import { bridgeHealth } from '../../src/pipeline/bridge-health.ts';

const DETECTOR = {
  model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
  engine: { name: 'onnx', version: '1' },
  labels: ['cat', 'dog'],
};
const track = (rules: object = {}) => ({ track: 'a', rules, detector: DETECTOR });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const clock = setClock(0);
  const roster = gatewayRoster({ clock });
  const health = () => bridgeHealth({ now: 0, startedAt: 0, states: [], queues: [] });
  const desk = nodeDesk({ gateway: 'home', roster, health, clock });
  const notices: Notice[] = [];
  desk.watch((notice) => void notices.push(notice));
  const told = () =>
    notices.flatMap((one) =>
      one.kind === 'info' ? [Object.keys(bridgeInfoSchema.parse(one.info).cameras)] : [],
    );
  return { desk, roster, told };
}

test('nobody is told of some of the cameras first, and so of none as gone', () => {
  const { roster, told } = open();
  vi.advanceTimersByTime(5_000);
  roster.follow('drive', track());
  vi.advanceTimersByTime(1_500);
  roster.follow('porch', track());
  expect(told()).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(told()).toEqual([['drive', 'porch']]);
  roster.follow('shed', track());
  vi.advanceTimersByTime(2_000);
  expect(told()).toEqual([
    ['drive', 'porch'],
    ['drive', 'porch', 'shed'],
  ]);
});

test('a desk that is closed while cameras are still heard of tells nothing more', () => {
  const { desk, roster, told } = open();
  roster.follow('drive', track());
  vi.advanceTimersByTime(1_900);
  desk.close();
  roster.follow('porch', track());
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a track with mistakes in its rules keeps nobody from hearing of the other cameras', () => {
  const { roster, told } = open();
  roster.follow('drive', track({ zones: 'everywhere' }));
  roster.follow('porch', { track: 'b', rules: {} });
  vi.advanceTimersByTime(2_000);
  expect(told()).toEqual([['porch']]);
});

test('who would switch a camera of a flow is refused, and told how it is done', async () => {
  const { desk } = open();
  await expect(desk.set('drive', 'enabled', 'OFF')).rejects.toMatchObject({
    code: 'REQUEST_REFUSED',
    hint: expect.stringContaining('camera in'),
  });
  await expect(desk.request('restart', {})).rejects.toThrow('a flow takes no requests');
});

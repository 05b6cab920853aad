import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { bridgeHealth } from '../../src/pipeline/bridge-health.ts';
import { noticeBoard } from '../../src/pipeline/notice-board.ts';
import { bridge } from '../../src/sinks/bridge.ts';
import { neighbours } from '../../src/sinks/neighbours.ts';
import { aBridgeInfo } from '../helpers/bridge.ts';

const SENTENCE = 'mqtt: another gateway says what it is on the same base topic';

function heard() {
  const errors: string[] = [];
  const hear = neighbours({
    ...{ baseTopic: 'falconet', gateway: 'home', instance: 'mine' },
    log: { ...silentLog, error: (_, sentence) => void errors.push(sentence) },
  });
  return {
    errors,
    hear: (value: unknown, retain: boolean) => hear({ payload: Buffer.from(JSON.stringify(value)), retain }),
  };
}

test.each([
  { name: 'its own word', info: { gateway: 'home', instance: 'mine' }, retain: false, isTold: false },
  {
    name: 'what it said before its start',
    info: { gateway: 'home', instance: 'old' },
    retain: true,
    isTold: false,
  },
  {
    name: 'a second daemon of one name',
    info: { gateway: 'home', instance: 'other' },
    retain: false,
    isTold: true,
  },
  {
    name: 'a gateway that was there before',
    info: { gateway: 'hut', instance: 'other' },
    retain: true,
    isTold: true,
  },
  { name: 'a gateway that comes', info: { gateway: 'hut', instance: 'other' }, retain: false, isTold: true },
  { name: 'something else', info: 'online', retain: false, isTold: false },
  { name: 'null', info: null, retain: false, isTold: false },
])('of $name the log says something: $isTold, and once', ({ info, retain, isTold }) => {
  const { errors, hear } = heard();
  hear(info, retain);
  hear(info, retain);
  expect(errors).toEqual(isTold ? [SENTENCE] : []);
});

test('no flood of neighbours fills log or memory', () => {
  const { errors, hear } = heard();
  for (let i = 0; i < 100; i++) hear({ gateway: 'hut', instance: `i${i}` }, false);
  expect(errors).toHaveLength(20);
});

test('a neighbour that was there first is told of, although this one says later what it is', () => {
  const told = vi.fn();
  const board = noticeBoard(() => bridgeHealth({ now: 0, startedAt: 0, states: [], queues: [] }));
  const refuse = () => Promise.reject(new Error('nothing is taken'));
  const { hearing, close } = bridge({
    baseTopic: 'falconet',
    gateway: 'home',
    desk: { watch: board.watch, request: refuse, set: refuse },
    isConnected: () => false,
    publish: async () => {},
    log: { ...silentLog, error: told },
  });
  onTestFinished(() => {
    close();
    board.close();
  });
  const payload = Buffer.from(JSON.stringify(aBridgeInfo({ gateway: 'hut', instance: 'ffffffff' })));
  hearing.onMessage({ topic: 'falconet/bridge/info', payload, retain: true });
  expect(told).not.toHaveBeenCalled();
  board.tell(aBridgeInfo());
  board.tell(aBridgeInfo({ cameras: {} }));
  expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ gateway: 'hut' }), SENTENCE);
});

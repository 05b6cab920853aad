import { expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { neighbours } from '../../src/sinks/neighbours.ts';

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

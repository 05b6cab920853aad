import { beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { type LogLine, logLineSchema } from '../../src/core/schema/bridge.ts';
import { type ToldLog, toldLog } from '../../src/daemon/told-log.ts';

let written: string[];
let told: LogLine[];
let now: number;
let log: ToldLog;
beforeEach(() => {
  [written, told, now] = [[], [], 0];
  const write = (_: unknown, sentence: string) => void written.push(sentence);
  log = toldLog(
    { ...silentLog, debug: write, info: write, warn: write, error: write },
    { secrets: ['s3cret'], clock: { now: () => 0 }, now: () => now },
  );
});
const listen = () => log.tellTo((line) => told.push(logLineSchema.parse(line)));

test('lines are written as they are, and told without a secret in sentence, facts or keys', () => {
  log.warn({}, 'before anybody listens');
  listen();
  const facts = {
    camera: 'drive',
    password: 'other',
    at: { url: 'rtsp://u:s3cret@host/' },
    message: 'its own',
  };
  log.warn(facts, 'no s3cret here');
  log.debug({}, 'too much detail');
  expect(written).toEqual(['before anybody listens', 'no s3cret here', 'too much detail']);
  expect(told).toEqual([
    {
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'no *** here',
      facts: { camera: 'drive', password: '***', at: { url: 'rtsp://***@host/' }, message: 'its own' },
    },
  ]);
});

test('of a flood the first lines are told, and then how many were not', () => {
  listen();
  for (let i = 0; i < 80; i++) log.error({ i }, 'a fault');
  expect([written.length, told.length]).toEqual([80, 50]);
  now += 1_000;
  log.info({}, 'better');
  log.info({}, 'not yet');
  now += 1_000;
  log.info({}, 'good');
  expect(told.slice(50).map(({ message, untold }) => [message, untold])).toEqual([
    ['better', 30],
    ['good', 1],
  ]);
});

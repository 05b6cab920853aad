import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { sinkPlans } from '../../src/daemon/sink-plans.ts';
import { anEvent } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { startReceiver } from '../sinks/webhook/receiver.ts';

function plansOf(text: string) {
  const folder = tempFolder();
  const yaml = `cameras: { drive: { source: a.mp4 } }\n${text}`;
  const environment = { HOOK_SECRET: 'from the environment' };
  const loaded = parseConfig(yaml, { name: 'f', folder, environment });
  return { folder, loaded, plans: sinkPlans(loaded, { log: silentLog, clock: systemClock }) };
}

const names = (text: string) => plansOf(text).plans.map(({ name }) => name);

test('the event store is there with a data folder, whatever the other sinks are, unless it is switched off', () => {
  expect(names('')).toEqual(['store']);
  expect(names('mqtt: { url: mqtt://localhost }')).toEqual(['mqtt', 'store']);
  expect(names('sinks: [{ type: file, path: a.jsonl }]')).toEqual(['file', 'store']);
  expect(names('data: { events_days: off }')).toEqual([]);
  expect(names('data: { path: off }')).toEqual([]);
});

test('each sink writes where its configuration says', async () => {
  const receiver = await startReceiver();
  const { folder, plans, loaded } = plansOf(`
sinks:
  - { type: webhook, url: "${receiver.url}/T00/a-token-of-many-letters", secret: "\${HOOK_SECRET}", events: [end] }
  - { type: file, path: "%Y.csv", format: csv }
`);
  for (const plan of plans) {
    const sink = plan.open();
    onTestFinished(() => sink.close());
    await sink.write({ event: anEvent() });
    await sink.write({ event: anEvent({ seq: 1, type: 'end' }) });
  }
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(readdirSync(folder).sort()).toEqual(['2026.csv', 'falconet-data']);
  const places = plans.map(({ place }) => place).join();
  for (const secret of ['a-token-of-many-letters', 'from the environment']) {
    expect(loaded.secrets).toContain(secret);
    expect(places).not.toContain(secret);
  }
});

test('two sinks that would write one file are a mistake, with its line', () => {
  const sinks = `sinks:
  - { type: file, path: "%Y.jsonl" }
  - { type: file, path: other.jsonl }
  - { type: file, path: "%Y.jsonl", format: csv }
`;
  expect(() => plansOf(sinks)).toThrow(/f:5:\d+ sinks\.2\.path: expected a path of its own/);
});

test.each([
  'Transfer-Encoding',
  'expect',
  'Connection',
  'Content-Type',
  'content-length',
  'Host',
  'webhook-id',
  'Proxy-Connection',
  'TE',
])('the header %s, with which no event would ever arrive, is a mistake with its line', (name) => {
  const sinks = `sinks:
  - type: webhook
    url: https://example.org/hook
    headers:
      X-Place: home
      ${name}: x
`;
  expect(() => plansOf(sinks)).toThrow(
    new RegExp(`f:7:7 sinks\\.0\\.headers\\.${name}: expected a header of your own`),
  );
});

test('mistakes of a webhook are told with their place, and without its address', () => {
  const wrong = () =>
    plansOf(
      'sinks: [{ type: webhook, url: "ftp://h/a-token-of-many-letters", headers: { "a b": c }, events: [] }]',
    );
  expect(wrong).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.not.stringContaining('a-token-of-many-letters'),
    }),
  );
  expect(wrong).toThrow(/3 mistakes/);
});

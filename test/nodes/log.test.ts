import { expect, test, vi } from 'vitest';
import { nodeLog } from '../../nodes/lib/log.ts';

function lineOf(facts: Readonly<Record<string, unknown>>, sentence: string, secrets: string[] = []): unknown {
  const node = { debug: vi.fn(), log: vi.fn(), warn: vi.fn(), error: vi.fn() };
  nodeLog(node, () => secrets).warn(facts, sentence);
  return node.warn.mock.calls[0]?.[0];
}

test.each([
  {
    facts: { path: '/data/falconet.db', why: 'the disk is full', hint: 'Make room on the disk' },
    sentence: 'the store cannot be written',
    says: 'the store cannot be written: the disk is full (path /data/falconet.db). Make room on the disk.',
  },
  {
    facts: { sink: 'mqtt', lost: 12, total: 40 },
    sentence: 'mqtt did not keep up, deliveries were dropped',
    says: 'mqtt did not keep up, deliveries were dropped (lost 12, total 40)',
  },
  {
    facts: { camera: 'drive', error: 'gone', notTaken: {} },
    sentence: 'drive: gone',
    says: 'drive: gone',
  },
])('in Node-RED a line says why, how much and what to do: $says', ({ facts, sentence, says }) => {
  expect(lineOf(facts, sentence)).toBe(says);
});

test('no fact brings a password into the log', () => {
  const facts = { url: 'rtsp://viewer:hunter2@10.0.0.5/sub', why: 'refused for hunter2' };
  expect(lineOf(facts, 'no picture', ['hunter2'])).not.toContain('hunter2');
});

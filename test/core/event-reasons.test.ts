import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EVENT_REASONS } from '../../src/core/event-reasons.ts';
import { packageRoot } from '../../src/core/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

describe('a reader who asks why an event came', () => {
  const [, table = ''] = /(\| reason \|.*?)\n\n/s.exec(read('docs/mqtt.md')) ?? [];

  test.each(EVENT_REASONS)('finds %s explained', (reason) => {
    expect(table).toMatch(new RegExp(`\`${reason}[:\`]`));
  });

  test('finds explained nothing that there is not', () => {
    const explained = [...table.matchAll(/^\| (.*?) \|/gm)]
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z-]+)/g)])
      .map(([, word]) => word);
    expect(new Set(explained)).toEqual(new Set(EVENT_REASONS));
  });

  test.each(['cars', 'persons', 'demo', 'bottles'])('meets none in the events of %s that is not', (clip) => {
    const lines = read(`test/fixtures/replay/${clip}/events.jsonl`).trimEnd().split('\n');
    const met = lines.flatMap((line) => (JSON.parse(line) as { reason: string[] }).reason);
    expect(met.length).toBeGreaterThan(0);
    for (const reason of met) expect(EVENT_REASONS).toContain(reason.split(':')[0]);
  });
});

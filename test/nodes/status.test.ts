import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBadge, failed, found, loading, ready } from '../../nodes/lib/status.ts';
import type { Detection } from '../../src/core/detection.ts';

function seen(label: string, score = 0.87): Detection {
  return { label, score, box: [0, 0, 1, 1] };
}

describe('a badge', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('shows at once, then the newest at most twice a second', () => {
    const status = vi.fn();
    const badge = createBadge({ status });
    for (const engine of ['a', 'b', 'c']) badge.show(ready(engine));
    expect(status.mock.calls.map(([{ text }]) => text)).toEqual(['a']);
    vi.advanceTimersByTime(500);
    expect(status.mock.calls.map(([{ text }]) => text)).toEqual(['a', 'c']);
  });

  test('says nothing twice, and nothing after its node was closed', () => {
    const status = vi.fn();
    const badge = createBadge({ status });
    badge.show(loading());
    vi.advanceTimersByTime(1_000);
    badge.show(loading());
    vi.advanceTimersByTime(1_000);
    badge.show(ready('onnx'));
    badge.show(ready('wasm'));
    badge.close();
    vi.advanceTimersByTime(1_000);
    expect(status).toHaveBeenCalledTimes(2);
  });
});

test.each([
  { name: 'nothing', detections: [], text: 'falconet-detect.status.nothing' },
  { name: 'one', detections: [seen('cat')], text: 'cat 87%' },
  {
    name: 'the best and how many more',
    detections: [seen('cat'), seen('dog'), seen('dog')],
    text: 'cat 87% +2',
  },
  { name: 'a long name, cut', detections: [seen('a very long label', 1)], text: 'a very long l… 100%' },
])('what was found is told in short: $name', ({ detections, text }) => {
  expect(found(detections)).toMatchObject({ fill: 'green', text });
});

test('whatever is found, the badge stays under 20 characters', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(200),
      (label, score, more) => {
        const detections = Array.from({ length: more + 1 }, () => seen(label, score));
        expect(found(detections).text.length).toBeLessThan(20);
      },
    ),
  );
});

test('a fault that has no word of its own still shows as one', () => {
  expect(failed(new TypeError('odd'))).toEqual({
    fill: 'red',
    shape: 'ring',
    text: 'falconet-detect.status.failed',
  });
});

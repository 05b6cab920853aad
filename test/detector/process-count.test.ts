import { expect, test } from 'vitest';
import { processCount } from '../../src/detector/process-count.ts';

test.each([
  { configured: 'auto', cores: 1, processes: 1 },
  { configured: 'auto', cores: 2, processes: 1 },
  { configured: 'auto', cores: 5, processes: 2 },
  { configured: 3, cores: 1, processes: 3 },
] as const)(
  '$configured on $cores cores is $processes engine processes',
  ({ configured, cores, processes }) => {
    expect(processCount(configured, cores)).toBe(processes);
  },
);

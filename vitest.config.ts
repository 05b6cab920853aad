import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Of what hangs, not of what is slow: on a busy machine all takes several times as long.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 10_000 } },
    // Files that start ffmpeg, engines or brokers share two cores on the smallest machine that we promise.
    maxWorkers: 2,
  },
});

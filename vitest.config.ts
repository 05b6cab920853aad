import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Files that start ffmpeg, engines or brokers share two cores on the smallest machine that we promise.
    maxWorkers: 2,
  },
});

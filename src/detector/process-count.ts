import { availableParallelism } from 'node:os';

/** Engine processes for a setting: `auto` is half the cores, at least 1, which leaves the rest to ffmpeg. */
export function processCount(configured: number | 'auto', cores = availableParallelism()): number {
  return configured === 'auto' ? Math.max(1, Math.floor(cores / 2)) : configured;
}

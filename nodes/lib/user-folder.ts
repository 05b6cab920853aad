import type { NodeRed } from './node-red.ts';

/** Where relative paths in nodes start. */
export function userFolder({ settings }: NodeRed): string {
  return settings.userDir ?? process.cwd();
}

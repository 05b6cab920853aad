import { join } from 'node:path';

export function databaseAt(folder: string): string {
  return join(folder, 'events.db');
}

export function picturesAt(folder: string): string {
  return join(folder, 'pictures');
}

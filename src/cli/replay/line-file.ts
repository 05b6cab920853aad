import { closeSync, openSync, writeSync } from 'node:fs';

/** A JSON Lines file (jsonlines.org). */
export interface LineFile {
  write(value: object): void;
  close(): void;
}

/** Begins the file anew; each line is written before `write` returns. */
export function lineFile(path: string): LineFile {
  const file = openSync(path, 'w');
  return {
    write: (value) => void writeSync(file, `${JSON.stringify(value)}\n`),
    close: () => closeSync(file),
  };
}

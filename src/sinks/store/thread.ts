/**
 * The program of the store's thread: one file, and one answer to each request. SQLite waits for the disk, and the
 * gateway must not.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { isDamaged, isInUse, openStoreFile, type StoreFile, setAside, whyNot } from './file.ts';
import type { Answer, Request } from './messages.ts';

const path = workerData as string;
let file: StoreFile | undefined;

parentPort?.on('message', (request: Request) => {
  parentPort?.postMessage(answer(request));
  if (request.ask === 'close') parentPort?.close();
});

function answer(request: Request): Answer {
  try {
    switch (request.ask) {
      case 'open':
        return open();
      case 'write':
        file?.write(request.entries);
        return { kind: 'done' };
      case 'close':
        close();
        return { kind: 'done' };
    }
  } catch (error) {
    close();
    return { kind: 'failed', why: whyNot(error), isInUse: isInUse(error) };
  }
}

function open(): Answer {
  close();
  try {
    file = openStoreFile(path);
    return { kind: 'opened', entries: file.entries() };
  } catch (error) {
    if (!isDamaged(error)) throw error;
    const aside = setAside(path, new Date());
    file = openStoreFile(path);
    return { kind: 'opened', entries: [], setAside: aside };
  }
}

function close(): void {
  const closing = file;
  file = undefined;
  try {
    closing?.close();
  } catch {
    // Its log could not be folded into it: the next open reads it.
  }
}

/** The program of the thread that writes an archive: the disk is waited for here, and not in the gateway. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchivePlace, WriteRequest } from './messages.ts';
import { archiveWriter } from './writer.ts';

const writer = archiveWriter(workerData as ArchivePlace);

parentPort?.on('message', (request: WriteRequest) => {
  const { now } = request;
  parentPort?.postMessage(request.ask === 'write' ? writer.write(request.noted, now) : writer.tidy(now));
});

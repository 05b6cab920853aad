/** The program of the thread that searches an archive: a long search holds nothing up. */
import { parentPort, workerData } from 'node:worker_threads';
import { archiveFinder } from './finder.ts';
import type { FindRequest } from './messages.ts';

const finder = archiveFinder(workerData as string);

parentPort?.on('message', (request: FindRequest) => parentPort?.postMessage(finder.find(request)));

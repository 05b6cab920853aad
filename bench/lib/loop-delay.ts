/**
 * Loaded into a process under test by `--import`: told a number of ms by its parent, it answers with the 99th
 * percentile of the event loop's delay over them, in ms. Ends the process with its parent.
 */
import { loopDelay } from './loop-meter.ts';

process.on('message', (ms: number) => void loopDelay(ms).then((p99) => process.send?.(p99)));
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref(); // the process ends when its work does

/**
 * Loaded into a process under test by `--import`: answers each message of its parent with the 99th percentile of the
 * event loop's delay since the message before, in ms. Ends the process with its parent.
 */
import { loopDelay } from './loop-meter.ts';

const meter = loopDelay();
process.on('message', () => process.send?.(meter.take()));
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref(); // the process ends when its work does

/** A process that does nothing but measure its event loop: what its delay is, is the machine's and no work's. */
import './loop-delay.ts';

process.channel?.ref();

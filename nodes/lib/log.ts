import type { Log } from '../../src/core/log.ts';
import type { RedNode } from './node-red.ts';

/** Falconet's sentences in Node-RED's log, under the name of the node. */
export function nodeLog(node: Pick<RedNode, 'debug' | 'log' | 'warn' | 'error'>): Log {
  return {
    debug: (_facts, sentence) => node.debug(sentence),
    info: (_facts, sentence) => node.log(sentence),
    warn: (_facts, sentence) => node.warn(sentence),
    error: (_facts, sentence) => node.error(sentence),
  };
}

import type { Log } from '../../src/core/log.ts';
import { redact } from '../../src/core/redact.ts';
import type { RedNode } from './node-red.ts';

/**
 * Falconet's sentences in Node-RED's log, under the name of the node.
 *
 * @param secrets - values that no line may hold.
 */
export function nodeLog(
  node: Pick<RedNode, 'debug' | 'log' | 'warn' | 'error'>,
  secrets: () => readonly string[] = () => [],
): Log {
  return {
    debug: (_facts, sentence) => node.debug(redact(sentence, secrets())),
    info: (_facts, sentence) => node.log(redact(sentence, secrets())),
    warn: (_facts, sentence) => node.warn(redact(sentence, secrets())),
    error: (_facts, sentence) => node.error(redact(sentence, secrets())),
  };
}

import type { Log } from '../../src/core/log.ts';
import { redact } from '../../src/core/redact.ts';
import type { RedNode } from './node-red.ts';

/**
 * Falconet's lines in Node-RED's log, under the name of the node: the sentence, why, what else is known, what to do.
 *
 * @param secrets - values that no line may hold.
 */
export function nodeLog(
  node: Pick<RedNode, 'debug' | 'log' | 'warn' | 'error'>,
  secrets: () => readonly string[] = () => [],
): Log {
  const line = (facts: Parameters<Log['info']>[0], sentence: string): string =>
    redact(inWords(facts, sentence), secrets());
  return {
    debug: (facts, sentence) => node.debug(line(facts, sentence)),
    info: (facts, sentence) => node.log(line(facts, sentence)),
    warn: (facts, sentence) => node.warn(line(facts, sentence)),
    error: (facts, sentence) => node.error(line(facts, sentence)),
  };
}

/** What the sentence says already is not said again, and what is no text or number not at all. */
function inWords({ why, error, hint, ...rest }: Parameters<Log['info']>[0], sentence: string): string {
  const isNews = (value: unknown): value is string | number =>
    (typeof value === 'string' || typeof value === 'number') && !sentence.includes(String(value));
  const reason = [why, error].find(isNews);
  const others = Object.entries(rest)
    .filter(([, value]) => isNews(value))
    .map(([name, value]) => `${name} ${value}`);
  const said = `${sentence}${reason === undefined ? '' : `: ${reason}`}`;
  const known = `${said}${others.length === 0 ? '' : ` (${others.join(', ')})`}`;
  return isNews(hint) ? `${known}. ${hint}.` : known;
}

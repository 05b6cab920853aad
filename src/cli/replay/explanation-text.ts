import { styleText } from 'node:util';
import { isoTime } from '../../core/iso-time.ts';
import type { Answer, Explanation } from './explanations.ts';

/** One track's explanation as lines, with times of the clip. For stdout. */
export function explanationText(
  { track, label, from, to, event, rules }: Explanation,
  startMs: number,
): string[] {
  const seconds = (ms: number): string => ((ms - startMs) / 1_000).toFixed(1);
  const title = styleText('bold', `track ${track}  ${label}  ${seconds(from)} to ${seconds(to)} s`);
  const width = Math.max(...rules.map(({ rule }) => rule.length));
  const line = (rule: string, { fired, at, why }: Answer): string => {
    const answer = fired ? styleText('green', 'yes') : styleText('yellow', 'no ');
    return `  ${answer}  ${rule.padEnd(width)}  ${seconds(at).padStart(6)} s  ${why}`;
  };
  return [
    `${title}  ${event ?? 'no event'}`,
    ...rules.flatMap(({ rule, answers }) => answers.map((answer) => line(rule, answer))),
  ];
}

/** The same as JSON, times as in events. */
export function explanationJson({ track, label, from, to, event, rules }: Explanation): object {
  return {
    schema: 'falconet/explanation/1',
    track,
    label,
    from: isoTime(from),
    to: isoTime(to),
    event: event ?? null,
    rules: rules.map(({ rule, answers }) => ({
      rule,
      answers: answers.map(({ fired, at, why }) => ({ fired, at: isoTime(at), why })),
    })),
  };
}

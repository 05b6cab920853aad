import { type CrowdRule, crowdRules } from './crowd.ts';
import type { LabelRule, RulesOptions } from './options.ts';
import { compileSchedule } from './schedule.ts';
import { newTrace, type Places, placesOf, type Trace } from './trace.ts';

/** What one label must bring, with the camera's own where the label has none. */
export interface Ask extends LabelRule {
  readonly isScheduled: (at: number) => boolean;
  readonly cooldownMs: number;
}

/** A camera's rules, ready for `rulesStep`. */
export interface Rules {
  readonly places: Places;
  readonly crowds: readonly CrowdRule[];
  /** Of an object that has not been seen yet. */
  readonly newTrace: Trace;
  /** Labels that are counted from the start; others once they are seen. */
  readonly labels: readonly string[];
  /** Of all labels that are asked for, the least median score; Infinity where there is none. */
  readonly leastScore: number;
  /** Undefined for a label that is not asked for. */
  ask(label: string): Ask | undefined;
}

const ANY_LABEL: LabelRule = { score: 0.4 };

/** @throws RangeError for a line whose ends are the same, and for a time zone that does not exist. */
export function compileRules(options: RulesOptions): Rules {
  const { labels, schedule, cooldownMs = 0 } = options;
  const always = schedule === undefined ? () => true : compileSchedule(schedule);
  const askOf = (rule: LabelRule): Ask => ({
    ...rule,
    cooldownMs: rule.cooldownMs ?? cooldownMs,
    isScheduled: rule.schedule === undefined ? always : compileSchedule(rule.schedule),
  });
  const any = askOf(ANY_LABEL);
  const asks = new Map(Object.entries(labels ?? {}).map(([label, rule]) => [label, askOf(rule)]));
  const places = placesOf(options);
  return {
    places,
    crowds: crowdRules(options),
    newTrace: newTrace(places),
    labels: [...asks.keys()],
    leastScore: labels === undefined ? any.score : Math.min(...[...asks.values()].map(({ score }) => score)),
    ask: (label) => (labels === undefined ? any : asks.get(label)),
  };
}

import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Verdict } from '../../core/verdict.ts';

/** What became of one track, and what each rule made of it. */
export interface Explanation {
  readonly track: number;
  /** The newest. */
  readonly label: string;
  /** ms since the epoch, of the first and the newest frame that showed it. */
  readonly from: number;
  readonly to: number;
  /** Id of the event that it became. */
  readonly event: string | undefined;
  /** What an object must pass to become an event, in that order, then zones and lines. */
  readonly rules: readonly RuleStory[];
}

/** What one rule made of one track over its life. */
export interface RuleStory {
  readonly rule: string;
  /** Each time it came to another answer, oldest first. */
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly fired: boolean;
  /** When it first said so, ms since the epoch. */
  readonly at: number;
  /** What it said last before it came to another answer. */
  readonly why: string;
}

/** Gathers verdicts while they come, at most one answer more for each change of a rule's mind. */
export interface Explanations {
  add(verdicts: readonly Verdict[]): void;
  /** Tells which track became an event. */
  sent(event: FalconetEvent): void;
  /** In the order in which the tracks were first seen. */
  all(): Explanation[];
}

interface Story {
  label: string;
  readonly from: number;
  to: number;
  event: string | undefined;
  readonly rules: Map<string, Answer[]>;
}

export function gatherExplanations(): Explanations {
  const stories = new Map<number, Story>();

  const tell = ({ track, label, at, rule, fired, why }: Verdict): void => {
    const story = stories.get(track) ?? { label, from: at, to: at, event: undefined, rules: new Map() };
    stories.set(track, story);
    story.label = label;
    story.to = at;
    const answers = story.rules.get(rule) ?? [];
    story.rules.set(rule, answers);
    const last = answers.at(-1);
    if (last?.fired === fired) answers[answers.length - 1] = { ...last, why };
    else answers.push({ fired, at, why });
  };
  return {
    add(verdicts) {
      for (const verdict of verdicts) tell(verdict);
    },
    sent({ track, id, time, end }) {
      const story = stories.get(track.id);
      if (story === undefined) return;
      story.event = id;
      story.to = Math.max(story.to, Date.parse(end ?? time)); // the checks are over once it is an event
    },
    all: () =>
      [...stories].map(([track, { rules, ...story }]) => ({
        track,
        ...story,
        rules: [...rules]
          .map(([rule, answers]) => ({ rule, answers }))
          .sort((a, b) => Number(isPlace(a)) - Number(isPlace(b))),
      })),
  };
}

/** Zones and lines are named after a colon. */
function isPlace({ rule }: RuleStory): boolean {
  return rule.includes(':');
}

import type { ModelIdentity } from '../core/detection.ts';

/** What a label must bring to become an event. */
export interface LabelRule {
  /** Least median score, 0..1. */
  readonly score: number;
  /** Least area of the box in 0..1 of the picture. @default 0 */
  readonly minArea?: number;
}

/** Who speaks, and of what. */
export interface LifeOptions {
  readonly gateway: string;
  readonly camera: string;
  /** Changes with every start of the gateway. */
  readonly run: string;
  readonly model: ModelIdentity;
  /** Only these labels become events. @default every label, from a median score of 0.4 */
  readonly labels?: Readonly<Record<string, LabelRule>>;
}

const ANY_LABEL: LabelRule = { score: 0.4 };

/** What a label must bring, or undefined where it is not asked for. */
export function ruleFor(label: string, { labels }: LifeOptions): LabelRule | undefined {
  if (labels === undefined) return ANY_LABEL;
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

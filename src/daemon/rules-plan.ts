import type { CameraConfig } from '../config/schema.ts';
import type { LabelRule, RulesOptions } from '../rules/options.ts';

/** What a camera's configuration holds its objects against. */
export function rulesPlan({ labels, masks }: CameraConfig): RulesOptions {
  return {
    ...(labels !== undefined && { labels: mapValues(labels, labelRule) }),
    masks: masks.object,
  };
}

function labelRule({ score, min_area: minArea }: NonNullable<CameraConfig['labels']>[string]): LabelRule {
  return { score, minArea };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

import { mapValues } from '../core/map-values.ts';
import type { CameraInfo } from '../core/schema/bridge.ts';
import type { Switches } from '../core/schema/switches.ts';

/** What a camera's objects are held against, as a configuration or a flow says it. */
export interface CameraRules {
  readonly labels?: Readonly<Record<string, { readonly score: number }>> | undefined;
  readonly zones?: Readonly<Record<string, Place & { readonly crowd?: object | undefined }>> | undefined;
  readonly lines?: Readonly<Record<string, Place>> | undefined;
}

interface Place {
  readonly labels?: readonly string[] | undefined;
}

export interface CameraFacts {
  /** What the model knows. */
  readonly labels: readonly string[];
  /** Whether anything that moves is told. @default false */
  readonly motion?: boolean;
  /** What was set from outside. @default nothing */
  readonly switches?: Switches;
  /** @default false */
  readonly isRecorded?: boolean;
}

/** What a camera tells of, for whoever reads it. */
export function cameraInfo(rules: CameraRules, facts: CameraFacts): CameraInfo {
  const { labels: own, zones = {}, lines = {} } = rules;
  const { labels: all, motion = false, switches = {}, isRecorded = false } = facts;
  const labels = own === undefined ? [...all] : Object.keys(own);
  const { enabled = true, detect = true, record = true, thresholds = {} } = switches;
  const inForce = Object.entries(own ?? {}).map(([label, { score }]) => {
    const set = Object.hasOwn(thresholds, label) ? thresholds[label] : undefined;
    return [label, set ?? score] as const;
  });
  return {
    labels,
    any_label: own === undefined,
    zones: mapValues(zones, ({ labels: wanted = labels, crowd }) => ({
      labels: [...wanted],
      crowd: crowd !== undefined,
    })),
    lines: mapValues(lines, ({ labels: wanted = labels }) => ({ labels: [...wanted] })),
    motion,
    recorded: isRecorded,
    switches: { enabled, detect, ...(isRecorded && { record }) },
    thresholds: Object.fromEntries(inForce),
    overridden: [
      ...Object.keys(switches).filter((key) => key !== 'thresholds'),
      ...Object.keys(thresholds).map((label) => `threshold/${label}`),
    ],
  };
}

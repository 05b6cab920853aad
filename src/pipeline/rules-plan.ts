import { durationMs, minuteOf } from '../config/schema/time.ts';
import type { CameraConfig } from '../config/schema.ts';
import { mapValues } from '../core/map-values.ts';
import type { LabelRule, RulesOptions, ZoneRule } from '../rules/options.ts';
import type { Schedule } from '../rules/schedule.ts';

/** The keys of a camera that are rules. */
type RulesConfig = Pick<CameraConfig, 'labels' | 'zones' | 'lines' | 'cooldown' | 'schedule'> & {
  readonly masks: Pick<CameraConfig['masks'], 'object'>;
};
type LabelConfig = NonNullable<CameraConfig['labels']>[string];
type ZoneConfig = NonNullable<CameraConfig['zones']>[string];

/**
 * What a camera's configuration holds its objects against.
 *
 * @param timeZone - of its schedules.
 */
export function rulesPlan(camera: RulesConfig, timeZone: string): RulesOptions {
  const { labels, zones, lines, masks, cooldown, schedule } = camera;
  return {
    labels: labels && mapValues(labels, (label) => labelRule(label, timeZone)),
    zones: zones && mapValues(zones, zoneRule),
    lines,
    masks: masks.object,
    cooldownMs: durationMs(cooldown),
    schedule: scheduled(schedule, timeZone),
  };
}

function labelRule(label: LabelConfig, timeZone: string): LabelRule {
  return {
    score: label.score,
    minArea: label.min_area,
    maxArea: label.max_area,
    minAspect: label.min_aspect,
    maxAspect: label.max_aspect,
    maxSpeed: label.max_speed,
    zones: label.zones,
    cooldownMs: ms(label.cooldown),
    schedule: scheduled(label.schedule, timeZone),
  };
}

function zoneRule({ polygon, labels, inertia, dwell, crowd }: ZoneConfig): ZoneRule {
  return {
    polygon,
    labels,
    inertia,
    dwellMs: ms(dwell),
    crowd: crowd && { count: crowd.count, forMs: durationMs(crowd.for) },
  };
}

function scheduled(times: CameraConfig['schedule'], timeZone: string): Schedule | undefined {
  return (
    times && {
      timeZone,
      times: times.map(({ days, from, to }) => ({ days, from: minuteOf(from), to: minuteOf(to) })),
    }
  );
}

function ms(duration: number | string | undefined): number | undefined {
  return duration === undefined ? undefined : durationMs(duration);
}

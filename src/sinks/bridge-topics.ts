import type { BridgeInfo } from '../core/schema/bridge.ts';
import { onOff } from './on-off.ts';
import { slug } from './slug.ts';

/**
 * What a gateway is, as retained values by topic: `<base>/bridge/info`, and of each camera the switches and thresholds
 * that are in force, `<base>/camera/<camera>/<switch>/state` and `<base>/camera/<camera>/threshold/<label>/state`.
 */
export function bridgeTopics(baseTopic: string, info: BridgeInfo): Map<string, string> {
  const topics = new Map([[`${baseTopic}/bridge/info`, JSON.stringify(info)]]);
  for (const [camera, { switches, thresholds }] of Object.entries(info.cameras)) {
    const at = `${baseTopic}/camera/${camera}`;
    for (const [name, value] of Object.entries(switches)) {
      if (value !== undefined) topics.set(`${at}/${name}/state`, onOff(value));
    }
    for (const [label, score] of Object.entries(thresholds)) {
      topics.set(`${at}/threshold/${slug(label)}/state`, String(score));
    }
  }
  return topics;
}

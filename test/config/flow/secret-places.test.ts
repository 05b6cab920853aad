import { expect, test } from 'vitest';
import { configFromFlow } from '../../../src/config/flow/from-flow.ts';
import { readWritten } from '../../../src/config/flow/read-written.ts';
import { flowFromConfig } from '../../../src/config/flow/to-flow.ts';

const YAML = `
mqtt: { url: "mqtt://broker", username: u, password: broker-1 }
cameras:
  front-door: { source: "rtsp://10.0.0.5/", username: u, password: hunter2 }
  front_door: { source: "rtsp://10.0.0.6/", username: u, password: hunter3 }
  mqtt: { source: "rtsp://10.0.0.7/", username: u, password: hunter4 }
`;

test('each password has a variable of its own, however alike the names of cameras are', () => {
  const { flow } = flowFromConfig(readWritten(YAML, { name: 'falconet.yaml', folder: '/nowhere' }));
  expect(new Set(JSON.stringify(flow).match(/\$\{\w+_PASSWORD\w*\}/g))).toEqual(
    new Set(['${MQTT_PASSWORD}', '${FRONT_DOOR_PASSWORD}', '${FRONT_DOOR_PASSWORD_2}', '${MQTT_PASSWORD_2}']),
  );
  const opened = flow.map((node) =>
    'credentials' in node ? { ...node, credentials: { username: 'u', password: 'in the open' } } : node,
  );
  const { cameras, mqtt } = configFromFlow(opened).document as Record<string, Record<string, unknown>>;
  const written = JSON.stringify([cameras, mqtt]).match(/\$\{\w+\}/g) ?? [];
  expect(written).toHaveLength(4);
  expect(new Set(written).size).toBe(4);
});

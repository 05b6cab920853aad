import type { BridgeInfo, CameraInfo } from '../../src/core/schema/bridge.ts';

/** Camera `drive` with a zone and a line, nothing switched; what a test is about, it changes. */
export function aCameraInfo(changes: Partial<CameraInfo> = {}): CameraInfo {
  return {
    labels: ['person', 'car'],
    any_label: false,
    zones: { gate: { labels: ['person'], crowd: false } },
    lines: { kerb: { labels: ['car'] } },
    motion: true,
    recorded: true,
    switches: { enabled: true, detect: true, record: true },
    thresholds: { person: 0.5, car: 0.6 },
    overridden: [],
    ...changes,
  };
}

/** Gateway `home` with that camera. */
export function aBridgeInfo(changes: Partial<BridgeInfo> = {}): BridgeInfo {
  return {
    schema: 'falconet/bridge-info/1',
    version: '0.1.0',
    gateway: 'home',
    instance: 'a1b2c3d4',
    started: '2026-11-24T08:00:00.000Z',
    model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32), labels: ['person', 'car', 'dog'] },
    engine: { name: 'onnx', version: '1.30.0' },
    log_level: 'info',
    cameras: { drive: aCameraInfo() },
    configuration: {},
    ...changes,
  };
}

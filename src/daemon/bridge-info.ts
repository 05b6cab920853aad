import type { LoadedConfig } from '../config/load.ts';
import type { Detector } from '../core/detection.ts';
import { isoTime } from '../core/iso-time.ts';
import { mapValues } from '../core/map-values.ts';
import type { BridgeInfo } from '../core/schema/bridge.ts';
import { cameraInfo } from '../pipeline/camera-info.ts';
import type { SwitchBoard } from './switches.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface BridgeInfoOptions {
  readonly loaded: LoadedConfig;
  readonly detector: Pick<Detector, 'model' | 'labels' | 'engine'>;
  readonly switches: Pick<SwitchBoard, 'of'>;
  readonly version: string;
  /** Differs with each start of the process. */
  readonly instance: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly logLevel: BridgeInfo['log_level'];
}

/** What a gateway is, for whoever asks; it holds no secret. */
export function bridgeInfo(options: BridgeInfoOptions): BridgeInfo {
  const { loaded, detector, switches, version, instance, startedAt, logLevel } = options;
  const { config, secrets, recordSources } = loaded;
  const { model, engine, labels } = detector;
  return {
    schema: 'falconet/bridge-info/1',
    version,
    gateway: config.gateway,
    instance,
    started: isoTime(startedAt),
    model: { name: model.name, sha256: model.sha256, labels: [...labels] },
    engine: { name: engine.name, version: engine.version },
    log_level: logLevel,
    cameras: Object.fromEntries(
      Object.entries(config.cameras).map(([camera, settings]) => [
        camera,
        cameraInfo(settings, {
          labels,
          motion: settings.motion.enabled,
          switches: switches.of(camera),
          isRecorded: recordSources.has(camera),
        }),
      ]),
    ),
    configuration: withoutSecrets(withoutWebhooks(config), secrets),
  };
}

/** Many services know a sender by the path of the address alone, and headers are there to carry tokens. */
function withoutWebhooks(config: LoadedConfig['config']): object {
  const { sinks } = config;
  if (sinks === undefined) return config;
  const shown = sinks.map((sink) => {
    if (sink.type !== 'webhook') return sink;
    return { ...sink, url: `${new URL(sink.url).origin}/***`, headers: mapValues(sink.headers, () => '***') };
  });
  return { ...config, sinks: shown };
}

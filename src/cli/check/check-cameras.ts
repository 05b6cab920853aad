import type { LoadedConfig } from '../../config/load.ts';
import type { CameraSource } from '../../core/camera-source.ts';
import type { CameraReason } from '../../core/camera-state.ts';
import { FalconetError } from '../../core/error.ts';
import { redact } from '../../core/redact.ts';
import type { Children } from '../../ffmpeg/children.ts';
import type { Ffmpeg } from '../../ffmpeg/find.ts';
import { type Probe, probeSource } from '../../ffmpeg/probe.ts';
import { decodePicture } from '../../media/picture.ts';
import { snapshots } from '../../streams/snapshot.ts';
import { proposals } from './proposals.ts';

/** What became of the question to one camera. */
export type CameraReport =
  | {
      readonly camera: string;
      readonly answers: true;
      readonly probe: Probe;
      readonly proposals: readonly string[];
    }
  | {
      readonly camera: string;
      readonly answers: false;
      readonly reason: CameraReason;
      readonly message: string;
      readonly hint?: string;
    };

export interface CheckCamerasOptions {
  readonly loaded: Pick<LoadedConfig, 'config' | 'sources' | 'secrets'>;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  /** Told before each camera is asked. */
  readonly onStart: (camera: string) => void;
}

/** Each costs the decoding of a picture, and a line that carries the stream. */
const AT_ONCE = 4;

/** Asks every camera for its stream, four at a time. In the order of the configuration; never rejects for a camera. */
export async function checkCameras(options: CheckCamerasOptions): Promise<CameraReport[]> {
  const { loaded, onStart } = options;
  const waiting = [...loaded.sources];
  const reports = new Map<string, CameraReport>();
  const askNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    const [camera, source] = next;
    onStart(camera);
    reports.set(camera, await checkCamera(camera, source, options));
    await askNext();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return [...loaded.sources.keys()].flatMap((camera) => reports.get(camera) ?? []);
}

async function checkCamera(
  camera: string,
  source: CameraSource,
  { loaded, ffmpeg, children }: CheckCamerasOptions,
): Promise<CameraReport> {
  const { secrets, config } = loaded;
  try {
    const probe =
      source.kind === 'poll'
        ? await probeSnapshot(camera, source.url)
        : await probeSource({ camera, source, ffmpeg, children, secrets });
    const fps = config.cameras[camera]?.fps ?? 0;
    // A path may hold a password too. Only what was made of it is redacted: a short one is part of many words.
    const found = proposals({ source, fps, probe }).map((text) => redact(text, secrets));
    return { camera, answers: true, probe, proposals: found };
  } catch (error) {
    if (!(error instanceof FalconetError)) throw error;
    const { hint } = error;
    const reason = reasonOf(error);
    const message = redact(error.message, secrets);
    return { camera, answers: false, reason, message, ...(hint !== undefined && { hint }) };
  }
}

/** Snapshots come without ffmpeg; what a stream has besides its size, they have not. */
async function probeSnapshot(camera: string, url: string): Promise<Probe> {
  const began = performance.now();
  const bytes = await snapshots(camera, url)(new AbortController().signal);
  const firstMs = Math.round(performance.now() - began);
  const { width, height } = await decodePicture(bytes);
  const unknown = { fps: undefined, keyframeSeconds: undefined, kbps: undefined };
  return { codec: 'picture', width, height, ...unknown, firstMs };
}

function reasonOf({ code, facts }: FalconetError): CameraReason {
  if (code === 'PICTURE_UNREADABLE') return 'not-video';
  return (facts['reason'] as CameraReason | undefined) ?? 'ffmpeg-failed';
}

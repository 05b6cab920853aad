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

/** Which of a camera's addresses was asked: what is looked at, or where that is another one what is recorded. */
type Of = 'source' | 'record';

/** What became of the question to one camera. */
export type CameraReport =
  | {
      readonly camera: string;
      readonly of: Of;
      readonly answers: true;
      readonly probe: Probe;
      readonly proposals: readonly string[];
    }
  | {
      readonly camera: string;
      readonly of: Of;
      readonly answers: false;
      readonly reason: CameraReason;
      readonly message: string;
      readonly hint?: string;
    };

export interface CheckCamerasOptions {
  readonly loaded: Pick<LoadedConfig, 'config' | 'sources' | 'recordSources' | 'secrets'>;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  /** Told before each question: what is asked, and how many questions there are. */
  readonly onStart: (name: string, questions: number) => void;
}

/** Each costs the decoding of a picture, and a line that carries the stream. */
const AT_ONCE = 4;

interface Question {
  readonly camera: string;
  readonly of: Of;
  readonly source: CameraSource;
}

/**
 * Asks every camera for its stream, and for the one to record where it has one of its own, four at a time. In the order
 * of the configuration; never rejects for a camera.
 */
export async function checkCameras(options: CheckCamerasOptions): Promise<CameraReport[]> {
  const questions = questionsOf(options.loaded);
  const waiting = [...questions];
  const reports = new Map<Question, CameraReport>();
  const askNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    options.onStart(nameOf(next), questions.length);
    reports.set(next, await ask(next, options));
    await askNext();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return questions.flatMap((question) => reports.get(question) ?? []);
}

/** For people. */
export function nameOf({ camera, of }: Pick<Question, 'camera' | 'of'>): string {
  return of === 'record' ? `${camera} (record)` : camera;
}

function questionsOf({ config, sources, recordSources }: CheckCamerasOptions['loaded']): Question[] {
  return [...sources].flatMap(([camera, source]) => {
    const { record } = config.cameras[camera] ?? {};
    const recorded = record === undefined ? undefined : recordSources.get(camera);
    const first: Question = { camera, of: 'source', source };
    return recorded === undefined ? [first] : [first, { camera, of: 'record', source: recorded }];
  });
}

async function ask(
  { camera, of, source }: Question,
  { loaded, ffmpeg, children }: CheckCamerasOptions,
): Promise<CameraReport> {
  const { secrets, config } = loaded;
  try {
    const probe =
      source.kind === 'poll'
        ? await probeSnapshot(camera, source.url)
        : await probeSource({ camera, source, ffmpeg, children, secrets });
    const fps = config.cameras[camera]?.fps ?? 0;
    const found = of === 'record' ? [] : proposals({ source, fps, probe }); // it is copied as it is
    // A path may hold a password too. Only what was made of it is redacted: a short one is part of many words.
    return { camera, of, answers: true, probe, proposals: found.map((text) => redact(text, secrets)) };
  } catch (error) {
    if (!(error instanceof FalconetError)) throw error;
    const { hint } = error;
    const reason = reasonOf(error);
    const message = redact(error.message, secrets);
    return { camera, of, answers: false, reason, message, ...(hint !== undefined && { hint }) };
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

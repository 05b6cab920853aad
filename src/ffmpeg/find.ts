import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { asError, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { askFfmpeg } from './ask.ts';

export interface Ffmpeg {
  /** What to spawn: a file, or `ffmpeg` when the system finds it on PATH. */
  readonly path: string;
  /** As it calls itself, such as `5.1.9-0+deb12u1`; a build from git has no number in it. */
  readonly version: string;
  /** Release that its libraries belong to, such as 4 for 4.1; tells which options it knows. */
  readonly generation: number;
  readonly origin: 'configured' | 'path' | 'bundled';
}

export interface FindFfmpegOptions {
  /** Path from the configuration, or a bare name to look for on PATH; nothing else is tried then. */
  readonly configured?: string | undefined;
  /** Where a relative path starts. @default the working folder */
  readonly folder?: string;
  /** What names another one, for the hint of an error. @default nothing does */
  readonly key?: string;
  readonly log: Log;
}

/** libavformat 58 came with ffmpeg 4, 59 with 5, and so on (ffmpeg.org/download.html, "Releases"). */
const LIBAVFORMAT_BEFORE_FFMPEG = 54;
const INSTALL = 'Install ffmpeg (apt install ffmpeg, brew install ffmpeg)';

/**
 * The ffmpeg to use: the configured one, else the one on PATH, else the one that npm installed
 * (`@ffmpeg-installer/ffmpeg`, ffmpeg 4.1). Each is run once to make sure that it works.
 *
 * @throws FFMPEG_MISSING when none of them runs; `facts.tried` says why for each.
 */
export async function findFfmpeg({
  configured,
  folder = process.cwd(),
  key,
  log,
}: FindFfmpegOptions): Promise<Ffmpeg> {
  const tried: Record<string, string> = {};
  for (const [origin, path] of candidates(configured, folder)) {
    if (path === undefined) {
      tried[origin] = 'npm has none for this platform';
      continue;
    }
    try {
      const found = { path, origin, ...(await askVersion(path)) };
      log.info({ ...found }, `ffmpeg ${found.version} (${origin}) reads the cameras`);
      return found;
    } catch (error) {
      tried[origin] = asError(error).message;
    }
  }
  const what = configured === undefined ? 'an ffmpeg that runs' : `${configured} to be an ffmpeg that runs`;
  const hint = key === undefined ? INSTALL : `${INSTALL}, or name one in ${key}`;
  throw new FalconetError('FFMPEG_MISSING', `expected ${what}, found none`, { hint, facts: { tried } });
}

function candidates(
  configured: string | undefined,
  folder: string,
): [Ffmpeg['origin'], string | undefined][] {
  if (configured !== undefined) {
    const isName = basename(configured) === configured;
    return [['configured', isName ? configured : resolve(folder, configured)]];
  }
  return [
    ['path', 'ffmpeg'],
    ['bundled', bundledPath()],
  ];
}

/** The installer throws a string where it has no binary for the platform. */
function bundledPath(): string | undefined {
  try {
    return (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path;
  } catch {
    return undefined; // said as such by the caller
  }
}

async function askVersion(path: string): Promise<Pick<Ffmpeg, 'version' | 'generation'>> {
  const said = await askFfmpeg(path, ['-version']);
  const version = /^ffmpeg version (\S+)/.exec(said)?.[1];
  const library = /^libavformat\s+(\d+)\./m.exec(said)?.[1];
  if (version === undefined || library === undefined) {
    throw new TypeError(`expected the version of ffmpeg, got ${JSON.stringify(said.slice(0, 80))}`);
  }
  return { version, generation: Number(library) - LIBAVFORMAT_BEFORE_FFMPEG };
}

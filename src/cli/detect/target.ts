import { extname } from 'node:path';
import { type Environment, fillPlaceholders } from '../../config/placeholders.ts';
import { secretsIn } from '../../config/secrets.ts';
import { cameraSource } from '../../config/source.ts';
import type { CameraSource } from '../../core/camera-source.ts';
import { FalconetError } from '../../core/error.ts';
import { redact } from '../../core/redact.ts';

/** Something to look at. */
export interface Target {
  /** As it was given, without secrets. */
  readonly name: string;
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
  readonly source: { readonly kind: 'picture'; readonly path: string } | CameraSource;
}

const PICTURES = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif', '.heic']);

/**
 * What an argument of `falconet detect` names. `${NAME}` in it is replaced as in a configuration, so that a
 * password need not stand on a command line.
 *
 * @throws USAGE when it is no picture, video or address; without its secrets.
 */
export function targetOf(argument: string, environment: Environment): Target {
  const noFiles = { problem: 'give it as an environment variable here' };
  const {
    value,
    gaps,
    secrets: filled,
  } = fillPlaceholders(argument, {
    environment,
    readSecret: () => noFiles,
  });
  const text = String(value);
  const secrets = [...filled, ...secretsIn(text)];
  const name = redact(argument, secrets);
  const [gap] = gaps;
  if (gap !== undefined) throw new FalconetError('USAGE', `${name}: ${gap.message}`);

  const isPicture = PICTURES.has(extname(text.split('?')[0] ?? '').toLowerCase());
  const isRemote = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (isPicture && !isRemote) return { name, secrets, source: { kind: 'picture', path: text } };

  // An address of one picture is asked for it, again and again.
  const mode = isPicture && /^https?:/i.test(text) ? { mode: 'poll' as const, interval: 1 } : {};
  const source = cameraSource({ source: text, loop: false, ...mode }, process.cwd());
  if (typeof source === 'string') throw new FalconetError('USAGE', `${name}: ${source}`);
  return { name, secrets, source: source.kind === 'file' ? { ...source, pace: 'fast' } : source };
}

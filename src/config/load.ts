import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { CameraSource } from '../core/camera-source.ts';
import { asError, FalconetError } from '../core/error.ts';
import { secretForms } from '../core/redact.ts';
import type { Environment } from './environment.ts';
import { fillPlaceholders } from './environment.ts';
import type { ConfigIssue } from './issues.ts';
import { schemaIssues, yamlIssues } from './issues.ts';
import type { Config } from './schema.ts';
import { configSchema } from './schema.ts';
import { cameraSource } from './source.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** By camera. */
  readonly sources: ReadonlyMap<string, CameraSource>;
  /** Every form in which a password of this configuration could show. */
  readonly secrets: readonly string[];
  /** Folder that relative paths start from: the file's own. */
  readonly folder: string;
}

/**
 * @param environment - for `${NAME}`. @default process.env
 * @throws CONFIG_UNREADABLE, or CONFIG_INVALID with all mistakes at once in `facts.issues`.
 */
export async function loadConfig(
  path: string,
  environment: Environment = process.env,
): Promise<LoadedConfig> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FalconetError('CONFIG_UNREADABLE', `${path}: ${readProblem(cause)}`, {
      cause,
      hint: 'Name the file as in "falconet run falconet.yaml", or copy the example from the README',
    });
  });
  return parseConfig(text, { name: path, folder: dirname(resolve(path)), environment });
}

export interface ParseOptions {
  /** For messages. */
  readonly name: string;
  readonly folder: string;
  readonly environment: Environment;
}

/** @throws CONFIG_INVALID with all mistakes at once in `facts.issues`. */
export function parseConfig(text: string, { name, folder, environment }: ParseOptions): LoadedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) throw invalid(name, yamlIssues(document));

  const { value, missing } = fillPlaceholders(document.toJS() ?? {}, environment);
  const unset = missing.map((gap) => ({
    code: 'custom' as const,
    path: [...gap.path],
    message: `expected the environment variable ${gap.name}, it is not set`,
  }));
  const parsed = configSchema.safeParse(value, { reportInput: true });
  const sources = new Map<string, CameraSource>();
  const wrongSources = parsed.success ? readSources(parsed.data, folder, sources) : [];
  const found = [...unset, ...(parsed.error?.issues ?? []), ...wrongSources];
  if (!parsed.success || found.length > 0) throw invalid(name, schemaIssues(found, document, lines));
  return { config: parsed.data, sources, secrets: secretsOf(parsed.data, sources), folder };
}

function readSources(config: Config, folder: string, sources: Map<string, CameraSource>) {
  return Object.entries(config.cameras).flatMap(([name, camera]) => {
    const source = cameraSource(camera, folder);
    if (typeof source !== 'string') {
      sources.set(name, source);
      return [];
    }
    return [{ code: 'custom' as const, path: ['cameras', name, 'source'], message: source }];
  });
}

function secretsOf(config: Config, sources: ReadonlyMap<string, CameraSource>): string[] {
  const { mqtt } = config;
  const broker = mqtt?.password === undefined ? [] : secretForms(mqtt.password, mqtt.username);
  const urls = [...sources.values()].flatMap((source) => (source.kind === 'rtsp' ? [source.url] : []));
  return [...broker, ...[...urls, mqtt?.url ?? ''].flatMap(secretsOfUrl)];
}

function secretsOfUrl(text: string): string[] {
  const { username, password } = URL.parse(text) ?? { username: '', password: '' };
  if (password === '') return [];
  return [password, ...secretForms(decode(password), decode(username))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign: it was meant as it stands
  }
}

function invalid(name: string, issues: readonly ConfigIssue[]): FalconetError {
  const listed = issues.map(
    ({ path, line, column, message }) =>
      `  ${name}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`,
  );
  const count = issues.length === 1 ? '1 mistake' : `${issues.length} mistakes`;
  return new FalconetError('CONFIG_INVALID', `${name} has ${count}:\n${listed.join('\n')}\n`, {
    facts: { issues },
  });
}

function readProblem(cause: unknown): string {
  const error = asError(cause) as NodeJS.ErrnoException;
  if (error.code === 'ENOENT') return 'no such file';
  return error.code === 'EISDIR' ? 'is a folder' : error.message;
}

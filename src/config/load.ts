import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { CameraSource, FfmpegSource } from '../core/camera-source.ts';
import { FalconetError } from '../core/error.ts';
import { redact, secretForms } from '../core/redact.ts';
import { type BrokerFiles, readBrokerFiles } from './broker-files.ts';
import { type DashboardFiles, readDashboardFiles } from './dashboard-files.ts';
import { type ConfigIssue, schemaIssues } from './issues.ts';
import { type Environment, fillPlaceholders, type PlaceholderValues } from './placeholders.ts';
import { readProblem } from './read-problem.ts';
import { type Config, configSchema } from './schema.ts';
import { secretsIn } from './secrets.ts';
import { cameraSource, recordSource } from './source.ts';
import { standIns } from './stand-in.ts';
import { yamlIssues } from './yaml-issues.ts';

const MOST_SECRET_CHARACTERS = 10_000;
/** Of a shorter one any sentence holds a part by chance; no sentence repeats a text of the configuration. */
const LEAST_SECRET_CHARACTERS = 4;

export interface LoadedConfig {
  readonly config: Config;
  /** By camera. */
  readonly sources: ReadonlyMap<string, CameraSource>;
  /** By camera, of those that are recorded. */
  readonly recordSources: ReadonlyMap<string, FfmpegSource>;
  readonly brokerFiles: BrokerFiles;
  readonly dashboardFiles: DashboardFiles;
  /** Every form in which a password of this configuration could show. */
  readonly secrets: readonly string[];
  /** Folder that relative paths start from: the file's own. */
  readonly folder: string;
  /** CONFIG_INVALID for what only shows where the configuration is used, with the lines of the file. */
  readonly mistaken: (found: readonly Mistake[]) => FalconetError;
}

/** Something wrong at a place of the configuration. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * @param environment - for `${NAME}`; files of `${file:PATH}` are looked for beside the configuration. @default process.env
 * @throws CONFIG_UNREADABLE, or CONFIG_INVALID with all mistakes at once in `facts.issues`.
 */
export async function loadConfig(
  path: string,
  environment: Environment = process.env,
): Promise<LoadedConfig> {
  return parseConfigFile(await readConfigText(path), path, environment);
}

/**
 * For who asks neither camera nor broker: as `loadConfig`, but variables need not be set, nor files of secrets be there.
 *
 * @throws CONFIG_UNREADABLE, or CONFIG_INVALID with all mistakes at once in `facts.issues`.
 */
export async function loadConfigUnfilled(path: string): Promise<LoadedConfig> {
  return parseConfig(await readConfigText(path), { ...whereIs(path), environment: process.env, ...standIns });
}

/** @throws CONFIG_UNREADABLE */
export function readConfigText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FalconetError('CONFIG_UNREADABLE', `${path}: ${readProblem(cause)}`, {
      cause,
      hint: 'Name the file as in "falconet run falconet.yaml", or copy the example from the README',
    });
  });
}

/**
 * What a file would be with another text.
 *
 * @throws CONFIG_INVALID with all mistakes at once in `facts.issues`.
 */
export function parseConfigFile(
  text: string,
  path: string,
  environment: Environment = process.env,
): LoadedConfig {
  return parseConfig(text, { ...whereIs(path), environment });
}

/** How a configuration's file is called, and where its relative paths start. */
export function whereIs(path: string): Pick<ParseOptions, 'name' | 'folder'> {
  return { name: path, folder: dirname(resolve(path)) };
}

export interface ParseOptions {
  /** For messages. */
  readonly name: string;
  readonly folder: string;
  readonly environment: Environment;
  /** For `${file:PATH}`, by its path from `folder`. @default the text of the file */
  readonly readSecret?: PlaceholderValues['readSecret'];
  /** For variables that are not set. @default that is a mistake */
  readonly standIn?: PlaceholderValues['standIn'];
}

/**
 * Reads the files that `${file:PATH}` names, too.
 *
 * @throws CONFIG_INVALID with all mistakes at once in `facts.issues`; no message holds a secret.
 */
export function parseConfig(text: string, options: ParseOptions): LoadedConfig {
  const { name, folder, environment, standIn, readSecret: readIt = readSecret } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const broken = yamlIssues(document, lines);
  if (broken.length > 0) throw invalid(name, broken);

  const values: PlaceholderValues = {
    environment,
    standIn,
    readSecret: (path, place) => readIt(resolve(folder, path), place),
  };
  const { value, gaps, secrets: filled } = fillPlaceholders(document.toJS() ?? {}, values);
  const secrets = [...secretsIn(value), ...filled.flatMap((secret) => secretForms(secret))];
  const parsed = configSchema.safeParse(value, { reportInput: true });
  const sources = new Map<string, CameraSource>();
  const recordSources = new Map<string, FfmpegSource>();
  const wrongSources = parsed.success ? readSources(parsed.data, folder, { sources, recordSources }) : [];
  const { files: brokerFiles, mistakes: wrongFiles } = parsed.success
    ? readBrokerFiles(parsed.data, folder)
    : { files: {}, mistakes: [] };
  const { files: dashboardFiles, mistakes: wrongPageFiles } = parsed.success
    ? readDashboardFiles(parsed.data, folder)
    : { files: {}, mistakes: [] };
  const unfilled = gaps.map(asIssue);
  const found = [
    ...unfilled,
    ...(parsed.error?.issues ?? []),
    ...[...wrongSources, ...wrongFiles, ...wrongPageFiles].map(asIssue),
  ];
  if (!parsed.success || found.length > 0) {
    const issues = schemaIssues(found, document, lines);
    const tellable = secrets.filter(({ length }) => length >= LEAST_SECRET_CHARACTERS);
    throw invalid(
      name,
      issues.map((issue) => ({ ...issue, message: redact(issue.message, tellable) })),
    );
  }
  const mistaken = (found: readonly Mistake[]): FalconetError =>
    invalid(name, schemaIssues(found.map(asIssue), document, lines));
  const files = { brokerFiles, dashboardFiles };
  return { config: parsed.data, sources, recordSources, ...files, secrets, folder, mistaken };
}

function asIssue({ path, message }: Mistake) {
  return { code: 'custom' as const, path: [...path], message };
}

/** The text of a file without its last line's end, as `echo` and editors leave one. */
function readSecret(path: string): ReturnType<PlaceholderValues['readSecret']> {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') return { problem: 'is empty' };
    return text.length > MOST_SECRET_CHARACTERS ? { problem: 'is too long for a secret' } : { text };
  } catch (cause) {
    return { problem: readProblem(cause) };
  }
}

interface Sources {
  readonly sources: Map<string, CameraSource>;
  readonly recordSources: Map<string, FfmpegSource>;
}

/** Fills the maps, and returns what is wrong. */
function readSources(config: Config, folder: string, { sources, recordSources }: Sources): Mistake[] {
  return Object.entries(config.cameras).flatMap(([name, camera]) => {
    const source = cameraSource(camera, folder);
    if (typeof source === 'string') return [{ path: ['cameras', name, 'source'], message: source }];
    sources.set(name, source);
    const recorded = recordSource(camera, folder);
    const key = camera.record === undefined ? 'clips' : 'record';
    if (typeof recorded === 'string') return [{ path: ['cameras', name, key], message: recorded }];
    if (recorded !== undefined) recordSources.set(name, recorded);
    return [];
  });
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

import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isScalar } from 'yaml';
import type { z } from 'zod';
import { isSecretName } from '../core/secret-name.ts';
import { nearestKey } from './known-keys.ts';

/** One mistake in a configuration, and where it stands. */
export interface ConfigIssue {
  /** Such as `cameras.porch.fps`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What was expected and what came. */
  readonly message: string;
}

type Path = readonly PropertyKey[];
type ZodIssue = z.core.$ZodIssue;

/** zod's mistakes with lines of the document, in the order of the file. */
export function schemaIssues(
  issues: readonly ZodIssue[],
  document: Document.Parsed,
  lines: LineCounter,
): ConfigIssue[] {
  const at = (path: Path): { line: number; column: number } => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { line, column: col };
  };
  return issues
    .flatMap((issue) => spread(issue))
    .map(({ path, message }) => ({ path: path.map(shownKey).join('.'), ...at(path), message }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A key that is none is hidden: in `{ password:hunter2 }` the password is part of it. */
function shownKey(key: PropertyKey): string {
  return /^[\p{L}\p{N}_ -]{1,40}$/u.test(String(key)) ? String(key) : '?';
}

/** One entry for each key that is unknown, so that each has its line. */
function spread(issue: ZodIssue): { path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => ({ path: [...issue.path, name], message: unknownKey(issue.path, name) }));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({ path: issue.path, message: inner.message }));
  return [{ path: issue.path, message: sentence(issue) }];
}

function unknownKey(path: Path, name: string): string {
  const meant = nearestKey(path, name);
  return meant === undefined ? 'unknown key' : `unknown key, did you mean ${meant}?`;
}

/** What was expected and what came, numbers only: a text may be a password in the wrong place. */
function sentence(issue: ZodIssue): string {
  const got = show(issue.input, issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${article(issue.expected)}, got ${got}`;
    case 'too_small':
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}, got ${got}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}, got ${got}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}, got ${got}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? eitherOf(issue.errors, got)
        : `expected a known ${issue.discriminator}`;
    default:
      return issue.message;
  }
}

/** `expected auto or a number, got a text`, from what each alternative expected. */
function eitherOf(alternatives: readonly (readonly ZodIssue[])[], got: string): string {
  const expected = alternatives.flatMap(([first]) =>
    first === undefined ? [] : sentence(first).replace(/^expected |, got .*$/g, ''),
  );
  return `expected ${expected.join(' or ')}, got ${got}`;
}

function article(type: string): string {
  if (type === 'object' || type === 'record') return 'a block of keys';
  return type === 'array'
    ? 'a list'
    : type === 'string'
      ? 'a text'
      : type === 'int'
        ? 'a whole number'
        : `a ${type}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function show(value: unknown, path: Path): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a block of keys';
  // Those before the last may be names of cameras and zones.
  if (isSecretName(String(path.at(-1)))) return `a ${typeof value} (a text of digits goes in quotes)`;
  return String(value);
}

/** Where the value at `path` starts in the text; where it is missing, its nearest parent. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const key = keyOffset(document, path.slice(0, length));
    if (key !== undefined) return key;
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document.Parsed, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const value = document.getIn(path, true);
  return isNode(value) ? value.range?.[0] : undefined;
}

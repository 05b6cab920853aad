import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isScalar } from 'yaml';
import type { z } from 'zod';

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

/** The mistakes that a YAML parser finds, in the order of the file. */
export function yamlIssues(document: Document.Parsed): ConfigIssue[] {
  return document.errors.map((error) => ({
    path: '',
    line: error.linePos?.[0].line ?? 1,
    column: error.linePos?.[0].col ?? 1,
    message: (error.message.split('\n')[0] ?? 'not YAML').replace(/ at line \d+, column \d+:?$/, ''),
  }));
}

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
    .map(({ path, message }) => ({ path: path.map(String).join('.'), ...at(path), message }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** One entry for each key that is unknown, so that each has its line. */
function spread(issue: ZodIssue): { path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => ({ path: [...issue.path, name], message: 'unknown key' }));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({ path: issue.path, message: inner.message }));
  return [{ path: issue.path, message: sentence(issue) }];
}

function sentence(issue: ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `expected ${article(issue.expected)}, got nothing`
        : `expected ${article(issue.expected)}, got ${show(issue.input)}`;
    case 'too_small':
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}, got ${show(issue.input)}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}, got ${show(issue.input)}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}, got ${show(issue.input)}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? `expected another value, got ${show(issue.input)}`
        : `expected a known ${issue.discriminator}`;
    default:
      return issue.message;
  }
}

function article(type: string): string {
  return type === 'object' || type === 'record' ? 'a block of keys' : `a ${type}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
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

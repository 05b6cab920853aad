import { type Alias, type Document, type LineCounter, type Node, visit, type YAMLError } from 'yaml';
import type { ConfigIssue } from './issues.ts';

/** In place of the parser's sentences that repeat the text, which may be a password. */
const SENTENCES: Partial<Record<YAMLError['code'], string>> = {
  BAD_DIRECTIVE: 'expected YAML; a text that begins with % goes in quotes',
  BAD_DQ_ESCAPE: 'expected a known escape after \\; a text with backslashes goes in single quotes',
  BAD_SCALAR_START: 'expected a value; a text that begins with a sign such as @, ` or % goes in quotes',
  TAG_RESOLVE_FAILED: 'expected a value; a text that begins with ! goes in quotes',
  UNEXPECTED_TOKEN: 'expected YAML, got something in its place that does not belong there',
};
const UNKNOWN_ALIAS = 'expected the name of an anchor after *; a text that begins with * goes in quotes';
const CIRCLE = 'expected an alias of something else, this one holds itself';
const TOO_MANY = 'expected fewer aliases of aliases';

/** The mistakes that make a text no YAML, in the order of the file. */
export function yamlIssues(document: Document.Parsed, lines: LineCounter): ConfigIssue[] {
  const wrong = [...document.errors, ...document.warnings].map(({ pos, code, message }) => ({
    offset: pos[0],
    message: SENTENCES[code] ?? (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
  }));
  const found = wrong.length > 0 ? wrong : aliasMistakes(document);
  return found
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return { path: '', line: Math.max(1, line), column: Math.max(1, col), message };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

interface Mistake {
  readonly offset: number;
  readonly message: string;
}

function aliasMistakes(document: Document.Parsed): Mistake[] {
  const mistakes: Mistake[] = [];
  let last: Alias | undefined;
  visit(document, {
    Alias(_, alias, parents) {
      last = alias;
      const named: Node | undefined = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (named === undefined) mistakes.push({ offset, message: UNKNOWN_ALIAS });
      else if (parents.some((parent) => parent === named)) mistakes.push({ offset, message: CIRCLE });
    },
  });
  if (mistakes.length > 0 || last === undefined) return mistakes;
  try {
    document.toJS();
    return [];
  } catch {
    return [{ offset: last.range?.[0] ?? 0, message: TOO_MANY }]; // the one thing left that it refuses
  }
}

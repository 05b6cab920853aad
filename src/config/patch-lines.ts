/**
 * A text with the change that leads from one print of it to another: lines that both prints have stay as the text has
 * them, blanks and line breaks included. Undefined where text and print differ in more than these, so that nobody can
 * tell which lines are which.
 */
export function patchLines(text: string, before: string, after: string): string | undefined {
  const [old, next] = [before.split('\n'), after.split('\n')];
  const own = broken(text.split('\n'), old);
  if (own === undefined) return undefined;
  const shortest = Math.min(old.length, next.length);
  let head = 0;
  while (head < shortest && old[head] === next[head]) head++;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === next.at(-1 - tail)) tail++;
  const middle = joined(
    own.slice(head, own.length - tail),
    old.slice(head, old.length - tail),
    next.slice(head, next.length - tail),
  );
  return [...own.slice(0, head), ...middle, ...own.slice(own.length - tail)].join('\n');
}

/** The lines of `next`, each that `old` has too as `own` has it. */
function joined(own: readonly string[], old: readonly string[], next: readonly string[]): string[] {
  const common = commonLengths(old, next);
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  const lines: string[] = [];
  let i = 0;
  for (const [j, line] of next.entries()) {
    while (i < old.length && old[i] !== line && at(i + 1, j) > at(i, j + 1)) i++;
    const isKept = i < old.length && old[i] === line;
    lines.push((isKept ? own[i] : line) ?? '');
    if (isKept) i++;
  }
  return lines;
}

/** The lines of a text as those of its print, each of which may be several of the text. */
function broken(text: readonly string[], print: readonly string[]): string[] | undefined {
  const lines: string[] = [];
  let at = 0;
  for (const line of print) {
    const end = endOf(text, at, tight(line));
    if (end === undefined) return undefined;
    lines.push(text.slice(at, end).join('\n'));
    at = end;
  }
  return at >= text.length ? lines : undefined; // more of it, where it has no line break at its end
}

/** Where those of `text` end that begin at `begin` and are this line. */
function endOf(text: readonly string[], begin: number, line: string): number | undefined {
  let had = tight(text[begin] ?? '');
  let at = begin + 1;
  while (had !== line) {
    if (at >= text.length || !line.startsWith(had)) return undefined;
    had += tight(text[at++] ?? '');
  }
  while (line === '' && at < text.length && tight(text[at] ?? '') === '') at++; // a print has no two blank ones
  return at;
}

/** What is left of a line when blanks do not count. */
function tight(line: string): string {
  return line.replaceAll(/\s+/g, '');
}

/** For each pair of places how many lines the rests have in common, in their order (longest common subsequence). */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [table[i], table[i + 1]] as [Uint32Array, Uint32Array];
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

/** A Markdown table; columns after the first are set to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A figure of 0..1 as cards have it: `.303`, `1.000`, or a dash where there is none. */
export function ofOne(figure: number | undefined): string {
  return figure?.toFixed(3).replace(/^0/, '') ?? '–';
}

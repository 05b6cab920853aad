/**
 * A Markdown text with another body under one of its `##` headings; everything else stays as it is.
 *
 * @throws Error when the text does not have the heading exactly once.
 */
export function replaceSection(markdown: string, heading: string, body: string): string {
  const parts = markdown.split(/^(?=## )/m);
  const found = parts.filter((part) => part.startsWith(`## ${heading}\n`));
  if (found.length !== 1) throw new Error(`expected one heading "## ${heading}", found ${found.length}`);
  const isLast = parts.at(-1) === found[0];
  const section = `## ${heading}\n\n${body.trim()}\n${isLast ? '' : '\n'}`;
  return parts.map((part) => (part === found[0] ? section : part)).join('');
}

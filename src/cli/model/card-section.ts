/** The text under one `##` heading of a Markdown file, without the heading; undefined when there is none. */
export function cardSection(markdown: string, heading: string): string | undefined {
  const sections = markdown.split(/^## +/m).slice(1);
  const section = sections.find((text) => text.slice(0, text.indexOf('\n')).trim() === heading);
  return section?.slice(section.indexOf('\n')).trim();
}

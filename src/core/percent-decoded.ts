/** What percent signs stand for in a part of a URL; a text with one that stands for nothing is meant as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

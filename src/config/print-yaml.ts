import { type Document, parseDocument, type Range, visit } from 'yaml';

/** A document in one style throughout, maps and lists apart that stand in a line: `{ polygon: [[0.1, 0.6]] }`. */
export function printYaml(document: Document, { indent = 2 }: { readonly indent?: number } = {}): string {
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true, indent });
  const blanks = blanksInLists(text).sort((a, b) => a - b);
  let at = 0;
  const parts = blanks.map((blank) => {
    const part = text.slice(at, blank);
    at = blank + 1;
    return part;
  });
  return parts.join('') + text.slice(at);
}

/** Where the blanks behind `[` and before `]` are; a text may hold brackets too, so the reader of YAML says which. */
function blanksInLists(text: string): number[] {
  const blanks: number[] = [];
  visit(parseDocument(text), {
    Seq(_, { flow, range, items }) {
      if (flow !== true || items.length === 0) return;
      const [first, end] = range as Range;
      for (const at of [first + 1, end - 2]) if (text[at] === ' ' && text[at + 1] !== '#') blanks.push(at);
    },
  });
  return blanks;
}

import { Document, isScalar, isSeq, visit } from 'yaml';

/** A configuration as YAML, points and polygons on one line each. */
export function writtenText(document: object): string {
  const yaml = new Document(document);
  visit(yaml, {
    Seq(_, seq) {
      const isOfNumbers = (node: unknown): boolean =>
        isScalar(node) ? typeof node.value === 'number' : isSeq(node) && node.items.every(isOfNumbers);
      if (isOfNumbers(seq)) seq.flow = true;
    },
  });
  return yaml.toString({ lineWidth: 0 });
}

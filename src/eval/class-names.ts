/** VOC's names and COCO's for one and the same class; the others that both have are called alike. */
const SYNONYMS: readonly (readonly [voc: string, coco: string])[] = [
  ['aeroplane', 'airplane'],
  ['diningtable', 'dining table'],
  ['motorbike', 'motorcycle'],
  ['pottedplant', 'potted plant'],
  ['sofa', 'couch'],
  ['tvmonitor', 'tv'],
];

/** The name among `labels` for what annotations call `name`; `name` itself where none of them means it. */
export function labelFor(name: string, labels: readonly string[]): string {
  if (labels.includes(name)) return name;
  const synonym = SYNONYMS.find((names) => names.includes(name))?.find((other) => other !== name);
  return synonym !== undefined && labels.includes(synonym) ? synonym : name;
}

/** Labels of VOC and COCO that a detector takes for each other; every other label is a group of its own. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  vehicle: ['car', 'bus', 'train', 'truck', 'motorbike', 'motorcycle', 'bicycle'],
  animal: ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
  seat: ['chair', 'sofa', 'couch', 'bench', 'bed'],
  vessel: ['bottle', 'wine glass', 'cup', 'vase', 'bowl'],
  screen: ['tvmonitor', 'tv', 'laptop'],
};

const groupByLabel = new Map(
  Object.entries(GROUPS).flatMap(([group, labels]) => labels.map((label) => [label, group] as const)),
);

/** What walks off by itself; all else stays where it was put. */
const LIVING = new Set(['person', 'animal']);

/** Name of the group that a label belongs to: objects are associated within a group. */
export function groupOf(label: string): string {
  return groupByLabel.get(label) ?? label;
}

export function isLiving(group: string): boolean {
  return LIVING.has(group);
}

/** Sum of scores that a life has seen of each label, in the order they came. */
export type Votes = readonly (readonly [label: string, weight: number])[];

/** The votes with one more. */
export function vote(votes: Votes, label: string, score: number): Votes {
  if (!votes.some(([known]) => known === label)) return [...votes, [label, score]];
  return votes.map((entry) => (entry[0] === label ? [label, entry[1] + score] : entry));
}

/** The label with the greatest weight, of equals the one that came first. */
export function winner(votes: Votes): string {
  const [first, ...rest] = votes;
  if (first === undefined) throw new TypeError('expected votes for one label at least, got none');
  return rest.reduce((best, entry) => (entry[1] > best[1] ? entry : best), first)[0];
}

const MEANINGS = {
  'box-outside': 'boxes that reach out of their picture by more than a pixel, cut at its edge',
  'box-gone': 'boxes outside of their picture, left out',
  'box-empty': 'boxes without area, left out',
  'no-category': 'annotations of a category that their file does not list, left out',
  'no-picture': 'annotations of a picture that their file does not list, left out',
  'class-unknown': 'objects of classes that the model does not know, left out',
  'result-no-category': 'detections of a category that the annotations do not list, left out',
  'result-no-picture': 'detections of a picture that the annotations do not list, left out',
  'picture-unreadable': 'pictures that cannot be read, left out',
  'picture-size': 'pictures of another size than their annotations say, boxes scaled with them',
  'picture-turned': 'pictures that EXIF turns and whose boxes were drawn before, turned with them',
  'turn-unknown':
    'pictures that EXIF turns and whose size does not tell how, boxes taken as drawn on the upright one',
  'name-unknown': 'names to judge by that no picture has',
} as const;

export type FaultKind = keyof typeof MEANINGS;

/** Something wrong with what is judged by, how often, and where it was met first. */
export interface Fault {
  readonly kind: FaultKind;
  readonly count: number;
  /** What it is and what was done about it. */
  readonly meaning: string;
  /** Up to three places, each once. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 3;

/** Counts what is wrong with annotations and pictures, so that none of it goes by in silence. */
export class Faults {
  readonly #found = new Map<FaultKind, { count: number; examples: Set<string> }>();

  add(kind: FaultKind, place: string): void {
    const fault = this.#found.get(kind) ?? { count: 0, examples: new Set() };
    fault.count++;
    if (fault.examples.size < MOST_EXAMPLES) fault.examples.add(place);
    this.#found.set(kind, fault);
  }

  list(): Fault[] {
    return [...this.#found].map(([kind, { count, examples }]) => ({
      kind,
      count,
      meaning: MEANINGS[kind],
      examples: [...examples],
    }));
  }
}

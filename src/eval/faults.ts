const MEANINGS = {
  'box-outside': 'boxes reach out of their picture by more than a pixel: cut at its edge',
  'box-gone': 'boxes lie outside of their picture: left out',
  'box-empty': 'boxes have no area: left out',
  'no-category': 'annotations are of a category that their file does not list: left out',
  'no-picture': 'annotations are of a picture that their file does not list: left out',
  'class-unknown': 'objects are of classes that the model does not know: left out',
  'result-no-category': 'detections are of a category that the annotations do not list: left out',
  'result-no-picture': 'detections are of a picture that the annotations do not list: left out',
  'picture-unreadable': 'pictures cannot be read: left out',
  'picture-size': 'pictures are of another size than their annotations say: boxes are scaled with them',
  'picture-turned':
    'pictures are turned by their EXIF orientation and their boxes were drawn before: turned with them',
  'turn-unknown':
    'pictures are turned by their EXIF orientation and their size does not tell how their boxes were drawn: taken as drawn on the upright picture',
  'name-unknown': 'names to judge by are of no picture in the annotations',
} as const;

export type FaultKind = keyof typeof MEANINGS;

/** Something wrong with what is judged by, how often, and where it was met first. */
export interface Fault {
  readonly kind: FaultKind;
  readonly count: number;
  /** What was done about it. */
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

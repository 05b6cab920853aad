/** `[x, y, width, height]` in pixels of the picture as its annotations see it, origin top left. */
export type PixelBox = readonly [x: number, y: number, width: number, height: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A class of objects, under the number that a file of annotations gives it. */
export interface Category {
  readonly id: number;
  /** As a model would name it, see class-names.ts. */
  readonly label: string;
}

/**
 * What an annotated box stands for: an `object` counts; a `difficult` one (VOC) neither counts when it is found
 * nor costs when it is missed; a `crowd` (COCO) is a region where any number may be found at no cost.
 */
export type Standing = 'object' | 'difficult' | 'crowd';

export interface TruthObject {
  readonly label: string;
  readonly box: PixelBox;
  /** In square pixels, for small, medium and large: the object's own, which may be less than its box's. */
  readonly area: number;
  readonly standing: Standing;
}

/** What is to be seen in one picture. */
export interface Truth {
  /** Of the picture, as files of COCO results name it. */
  readonly id: number;
  /** Path of the picture. */
  readonly file: string;
  /** Unknown where the annotations do not tell. */
  readonly size: Size | undefined;
  readonly objects: readonly TruthObject[];
  /** Regions that are neither object nor background, whatever the label. */
  readonly ignore: readonly PixelBox[];
  /** Labels of which every object has its box; of another, an object without a box may be there. */
  readonly exhaustive: ReadonlySet<string>;
}

/** Pictures to judge by, and the classes that their annotations speak of. */
export interface GroundTruth {
  readonly categories: readonly Category[];
  readonly truths: readonly Truth[];
}

/** An object that a detector says it found. */
export interface Found {
  readonly label: string;
  /** 0..1. */
  readonly score: number;
  readonly box: PixelBox;
}

/** A picture, and what a detector says of it. */
export interface Judged {
  readonly truth: Truth;
  readonly found: readonly Found[];
}

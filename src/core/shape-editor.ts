/**
 * Zones, lines and masks of a camera, as its configuration has them: what is left out is not there. Where they are
 * written, what is left out stays as it is, and what is empty goes.
 */
export interface CameraShapes {
  readonly zones?: Readonly<Record<string, unknown>>;
  readonly lines?: Readonly<Record<string, unknown>>;
  readonly masks?: Readonly<Partial<Record<'object' | 'motion' | 'privacy', readonly unknown[]>>>;
}

export interface ReadShapes {
  readonly shapes: CameraShapes;
  /** Of the file's text, so that a change does not undo another that came in between. */
  readonly version: string;
}

/** What some shapes would have made of the newest events of a camera, by the paths that these tell. */
export interface ShapeTrial {
  /** Events that were tried. */
  readonly events: number;
  /** By zone: how many would have been in it. */
  readonly zones: Readonly<Record<string, number>>;
  /** By line: how many would have crossed it. */
  readonly lines: Readonly<Record<string, { readonly in: number; readonly out: number }>>;
  /** How many stood in masks throughout, and would have been none. */
  readonly masked: number;
}

/** Changes what is drawn over a camera in the file that the gateway was configured by. */
export interface ShapeEditor {
  /** @throws REQUEST_REFUSED for a camera that the file does not have. CONFIG_UNREADABLE. */
  read(camera: string): Promise<ReadShapes>;
  /**
   * Writes them to the file, comments and placeholders kept, and takes it into use.
   *
   * @throws REQUEST_REFUSED where the file is another one than was read, shares a place by an anchor, or cannot be
   *   written. CONFIG_INVALID where the gateway would not take it: nothing is written then.
   */
  write(camera: string, wanted: ReadShapes): Promise<void>;
}

import type { CameraShapes } from '../../core/shape-editor.ts';

declare global {
  /** resources/falconet-draw.js, which Node-RED's dialog shares. */
  interface DrawingBoard {
    /** As in falconet.yaml. */
    settings(): CameraShapes;
    /** Puts a picture below the drawing. */
    show(src: string): void;
  }

  var falconetDraw: (
    container: HTMLElement,
    settings: CameraShapes,
    text: (key: string) => string,
  ) => DrawingBoard;
}

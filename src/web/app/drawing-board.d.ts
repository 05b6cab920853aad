import type { CameraShapes } from '../../core/shape-editor.ts';

declare global {
  /** resources/falconet-draw.js, which Node-RED's dialog shares. */
  interface DrawingBoard {
    /** As in falconet.yaml. */
    settings(): CameraShapes;
    /** Puts a picture below the drawing, or none. */
    show(src: string | undefined): void;
  }

  var falconetDraw: (
    container: HTMLElement,
    settings: CameraShapes,
    text: (key: string) => string,
    kinds: readonly ('zone' | 'line' | 'mask' | 'motion-mask' | 'privacy-mask')[],
  ) => DrawingBoard;
}

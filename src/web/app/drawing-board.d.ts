/** resources/falconet-draw.js, which Node-RED's dialog shares. */
interface DrawingBoard {
  /** As in falconet.yaml. */
  settings(): import('../../core/shape-editor.ts').CameraShapes;
  /** Puts a picture below the drawing. */
  show(src: string): void;
}

declare var falconetDraw: (
  container: HTMLElement,
  settings: import('../../core/shape-editor.ts').CameraShapes,
  text: (key: string) => string,
) => DrawingBoard;

declare module '*/falconet-draw.js';

export interface TestFrame {
  readonly width: number;
  readonly height: number;
  /** RGB24, row-major, `[height, width, 3]`. */
  readonly data: Uint8Array;
}

/**
 * Four frames, so that none stays in the cache from one look to the next: slow waves of colour, each frame a
 * little further. The same in every process and run.
 */
export function testFrames(width: number, height: number): TestFrame[] {
  return [0, 1, 2, 3].map((phase) => {
    const data = new Uint8Array(width * height * 3);
    for (let at = 0; at < data.length; at++) {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width))];
      data[at] = 128 + 100 * Math.sin((x * (1 + (at % 3)) + y * 2) / 40 + phase);
    }
    return { width, height, data };
  });
}

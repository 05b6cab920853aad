/** Of one picture, wherever it comes from: 120 MB decoded. Cameras of two lenses are 7680 wide, a phone has 12 to 50 million. */
export const MOST_PIXELS = 40_000_000;

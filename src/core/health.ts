/** What is wrong with a camera's picture, though it comes. */
export type HealthCondition =
  /** It was bright, and hardly anything can be made out in it now. */
  | 'dark'
  /** What was sharp has no edges any more. */
  | 'blurred'
  /** There was something to see, and now there is nothing but a surface. */
  | 'covered'
  /** All that stands still is in another place: the camera was knocked or turned. */
  | 'shifted';

/** The conditions that hold, each with its beginning, ms since the epoch. */
export type Health = Readonly<Partial<Record<HealthCondition, number>>>;

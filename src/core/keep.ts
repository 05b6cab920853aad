/**
 * Small documents of a camera that outlive the gateway, such as what its tracker has learned. Each has a name and is
 * replaced as a whole.
 */
export interface Keep {
  /** What was written last, in this run or one before; undefined where there is nothing. Not checked: it may be old. */
  read(camera: string, name: string): unknown;
  /**
   * Takes a copy, as JSON, and returns at once; on disk soon after. Never throws for a disk that fails: the document
   * is then kept in memory and written when the disk is back.
   */
  write(camera: string, name: string, value: unknown): void;
}

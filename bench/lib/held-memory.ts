/** What this process holds after garbage collection, MB: heap and array buffers; undefined without `--expose-gc`. */
export function heldMb(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

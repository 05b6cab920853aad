/** A record with the same keys and other values; a key without a value goes. */
export function mapValues<T, R>(
  record: Readonly<Partial<Record<string, T>>>,
  change: (value: T) => R,
): Record<string, R> {
  const entries = Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)]));
}

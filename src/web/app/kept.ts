/** What this browser keeps for the page; undefined where nothing is kept, or where a frame may keep nothing. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(keyOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(keyOf(name), value);
  } catch {
    // It holds until the page is closed.
  }
}

function keyOf(name: string): string {
  return `falconet-${name}`;
}

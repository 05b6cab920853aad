/** The value of a text of JSON; undefined of one that is none, as another version may have written it. */
export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined; // not ours: as good as nothing
  }
}

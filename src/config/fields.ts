/** The keys whose value is another than this, and than undefined: an empty field of a dialog is one that was left out. */
export function without(value: unknown, from: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([, one]) => one !== undefined && one !== value));
}

/** A number field of a dialog, which the editor saves as a text; anything else as it stands. */
export function numberFrom(field: unknown): unknown {
  return typeof field === 'string' && field.trim() !== '' && Number.isFinite(Number(field))
    ? Number(field)
    : field;
}

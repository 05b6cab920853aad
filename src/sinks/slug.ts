/** A label as one level of a topic: `traffic light` becomes `traffic-light`, `a/+#` becomes `a`. */
export function slug(label: string): string {
  return (
    label
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
      .join('-') || 'object'
  );
}

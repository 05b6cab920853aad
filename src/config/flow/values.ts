import type { FlowNode } from './flow-node.ts';

/** The keys whose value is another than this, and than undefined. */
export function without(value: unknown, from: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([, one]) => one !== undefined && one !== value));
}

/** A number field of a dialog, which the editor saves as a text; anything else as it stands. */
export function numberIn(node: FlowNode, field: string): unknown {
  const value = node[field];
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}

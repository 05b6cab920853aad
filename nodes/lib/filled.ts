import type { NodeRed } from './node-red.ts';

/** Forms of a name that Node-RED knows in a field, the older one last (its runtime's lib/flows/util.js). */
const NAMES = [/^\$\{(\S+)\}$/, /^\$\((\S+)\)$/];

/**
 * The fields as a deployed node would have them: those that are `${NAME}` as a whole, from the environment of the node
 * `id`, or from the process's where that was never deployed. What nobody has set stays as it is.
 */
export function filled<T extends object>(RED: NodeRed, id: string, fields: T): T {
  const node = RED.nodes.getNode(id);
  const fill = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const name = NAMES.map((form) => form.exec(value)?.[1]).find((found) => found !== undefined);
    return (name === undefined ? undefined : RED.util.getSetting(node, name)) ?? value;
  };
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fill(value)])) as T;
}

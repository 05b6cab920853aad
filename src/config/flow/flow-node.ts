import { FalconetError } from '../../core/error.ts';

/** A node of a flow as Node-RED saves and exports it; tabs and configuration nodes are nodes, too. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/**
 * The nodes of an exported flow, of a `flows.json`, or of what Node-RED's admin API gives.
 *
 * @param name - of the file, for messages.
 * @throws CONFIG_INVALID when it is none of these.
 */
export function parseFlow(text: string, name: string): FlowNode[] {
  const value = jsonOf(text);
  const nodes = isObject(value) && Array.isArray(value['flows']) ? value['flows'] : value;
  if (!Array.isArray(nodes)) throw noFlow(`${name}: expected a list of nodes in JSON`);
  const wrong = nodes.findIndex((node) => !isNode(node));
  if (wrong >= 0) throw noFlow(`${name}: expected a node with id and type at place ${wrong + 1} of the list`);
  return nodes;
}

/** A node for people: its type without our prefix, and its name where it has one. */
export function titleOf({ type, name, label }: FlowNode): string {
  const shown = type.replace(/^falconet-/, '').replace('-', ' ');
  const given = [name, label].find((text) => typeof text === 'string' && text !== '');
  return given === undefined ? shown : `${shown} "${given}"`;
}

/** A text field; empty where it is none. */
export function textIn(node: FlowNode, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNode(value: unknown): value is FlowNode {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['type'] === 'string';
}

/** Undefined for what is no JSON, which is no flow either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noFlow(message: string): FalconetError {
  return new FalconetError('CONFIG_INVALID', message, {
    hint: 'Export the flow in the editor of Node-RED: menu, Export, JSON',
  });
}

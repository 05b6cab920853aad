import type { FlowNode } from './flow-node.ts';

/** A node that messages come to, and those on the way that may have changed them. */
export interface Reached {
  readonly node: FlowNode;
  readonly past: readonly FlowNode[];
}

/** The nodes of a flow that run, and where their messages go. */
export interface FlowGraph {
  /** Of one type, in the order of the flow. */
  ofType(type: string): FlowNode[];
  /** The configuration node that a field names; undefined where it is none of this type. */
  config(id: unknown, type: string): FlowNode | undefined;
  /**
   * The nearest nodes of these types behind an output, or behind any; none beyond them.
   *
   * @param output - from 0. @default every one
   */
  reach(from: FlowNode, types: readonly string[], output?: number): Reached[];
  /** Disabled, on a disabled tab, or of a subflow. */
  readonly idle: readonly FlowNode[];
}

/** Messages pass these as they are, or as what comes after expects them. */
const TRANSPARENT = new Set(['link in', 'link out', 'junction', 'falconet-detect']);

export function flowGraph(nodes: readonly FlowNode[]): FlowGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const isIdle = ({ d, z }: FlowNode): boolean => {
    const place = byId.get(String(z));
    return d === true || place?.type === 'subflow' || place?.['disabled'] === true;
  };
  const running = nodes.filter((node) => !isIdle(node));

  function next(node: FlowNode, output?: number): FlowNode[] {
    const { wires, links } = node;
    const outputs: unknown[] = node.type === 'link out' ? [links] : Array.isArray(wires) ? wires : [];
    const ids = (output === undefined ? outputs : [outputs[output]]).flat();
    return ids.flatMap((id) => {
      const target = byId.get(String(id));
      return target === undefined || isIdle(target) ? [] : [target];
    });
  }

  return {
    idle: nodes.filter(isIdle),
    ofType: (type) => running.filter((node) => node.type === type),
    config(id, type) {
      const node = byId.get(String(id));
      return node?.type === type && node['d'] !== true ? node : undefined;
    },
    reach(from, types, output) {
      const found: Reached[] = [];
      const seen = new Set([from.id]);
      const queue: Reached[] = next(from, output).map((node) => ({ node, past: [] }));
      for (const { node, past } of queue) {
        if (seen.has(node.id)) continue;
        seen.add(node.id);
        if (types.includes(node.type)) {
          found.push({ node, past });
          continue;
        }
        const passed = TRANSPARENT.has(node.type) ? past : [...past, node];
        for (const after of next(node)) queue.push({ node: after, past: passed });
      }
      return found;
    },
  };
}

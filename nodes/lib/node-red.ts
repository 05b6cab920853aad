/** The part of Node-RED's runtime API that the nodes use (nodered.org/docs/creating-nodes/node-js). */
export interface NodeRed {
  readonly nodes: {
    /** `create` is called as a constructor: with the new node as `this`, and what the editor saved. */
    registerType<N extends RedNode, D extends NodeDef>(type: string, create: (this: N, def: D) => void): void;
    /** Turns `this` into a node; first thing in `create`. */
    createNode(node: RedNode, def: NodeDef): void;
    /** Null when there is none, or it is disabled. */
    getNode(id: string): object | null;
  };
}

/** What the editor saves of every node, whatever its type. */
export interface NodeDef {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

export interface Message {
  readonly _msgid?: string;
  readonly payload?: unknown;
  readonly [property: string]: unknown;
}

/** The badge below a node. */
export interface Status {
  readonly fill: 'red' | 'yellow' | 'green' | 'grey';
  readonly shape: 'dot' | 'ring';
  /** Words, or the key of some in the node's catalogue. */
  readonly text: string;
}

export type Send = (message: Message) => void;
/** Exactly once for each message: without an error it is complete, with one it goes to the Catch nodes. */
export type Done = (error?: Error) => void;

export interface RedNode {
  readonly id: string;
  readonly name: string;
  status(status: Status): void;
  log(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  debug(text: string): void;
  on(event: 'input', listener: (message: Message, send: Send, done: Done) => void): void;
  /** Node-RED waits 15 s for `done`. */
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): void;
}

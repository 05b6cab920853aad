/** The part of Node-RED's runtime API that the nodes use (nodered.org/docs/creating-nodes/node-js). */
export interface NodeRed {
  readonly events: {
    once(event: 'flows:started', listener: () => void): void;
    off(event: 'flows:started', listener: () => void): void;
  };
  readonly nodes: {
    /** `create` is called as a constructor: with the new node as `this`, and what the editor saved. */
    registerType<N extends RedNode, D extends NodeDef>(
      type: string,
      create: (this: N, def: D) => void,
      options?: { readonly credentials?: Readonly<Record<string, { readonly type: 'text' | 'password' }>> },
    ): void;
    /** Turns `this` into a node; first thing in `create`. */
    createNode(node: RedNode, def: NodeDef): void;
    /** Null when there is none, or it is disabled. */
    getNode(id: string): object | null;
    /** What was deployed last; undefined of a node that never was. */
    getCredentials(id: string): RedNode['credentials'];
  };
  readonly util: {
    /** A variable of the environment that the node has: of its group, its flow, all flows or the process. */
    getSetting(node: object | null, name: string): unknown;
  };
  readonly settings: {
    /** Where Node-RED keeps its flows; absent where it keeps nothing. */
    readonly userDir?: string;
  };
  readonly httpAdmin: AdminRoutes;
  readonly auth: {
    /** Lets those through who may do this (nodered.org/docs/user-guide/runtime/securing-node-red). */
    needsPermission(permission: string): AdminHandler;
  };
}

/** Of Express, which serves the editor (expressjs.com/en/4x/api.html). */
export interface AdminRoutes {
  get(path: string, ...handlers: AdminHandler[]): void;
  post(path: string, ...handlers: AdminHandler[]): void;
}

type AdminHandler = (request: AdminRequest, response: AdminResponse, next: () => void) => void;

export interface AdminRequest {
  /** Parsed JSON. */
  readonly body: unknown;
  /** Of the path, such as `:id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
}

export interface AdminResponse {
  status(code: number): AdminResponse;
  set(header: string, value: string): AdminResponse;
  end(): void;
  json(value: object): void;
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

/** To the first output, or to each one its own, null for none. */
export type Send = (messages: Message | readonly (Message | null)[]) => void;
/** Exactly once for each message: without an error it is complete, with one it goes to the Catch nodes. */
export type Done = (error?: Error) => void;

export interface RedNode {
  readonly id: string;
  readonly name: string;
  /** What the editor keeps apart and encrypted; the fields are those that the type was registered with. */
  readonly credentials?: Readonly<Record<string, string | undefined>>;
  send: Send;
  status(status: Status): void;
  log(text: string): void;
  warn(text: string): void;
  /** With a message, even an empty one, Catch nodes are told too. */
  error(text: string, message?: Message): void;
  debug(text: string): void;
  on(event: 'input', listener: (message: Message, send: Send, done: Done) => void): void;
  /** Node-RED waits 15 s for `done`. */
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): void;
}

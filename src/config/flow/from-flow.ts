import { numberFrom, without } from '../fields.ts';
import { cameraFromFlow } from './camera-from-flow.ts';
import { dashboardOf } from './dashboard-node.ts';
import { type FlowNode, isObject, textIn, titleOf } from './flow-node.ts';
import { type FlowGraph, flowGraph, type Reached } from './graph.ts';
import { withoutSecrets } from './secret-places.ts';

/** A configuration that does what a flow does. */
export interface ConfigFromFlow {
  /** The document of a falconet.yaml; passwords are placeholders. It may have mistakes, where the flow has. */
  readonly document: Readonly<Record<string, unknown>>;
  /** What is not in it, one line each. */
  readonly notes: readonly string[];
}

/** These have no counterpart because nothing would be lost. */
const SILENT = new Set([
  'tab',
  'comment',
  'group',
  'link in',
  'link out',
  'junction',
  'catch',
  'status',
  'complete',
]);
const OURS = ['camera-in', 'detect', 'track', 'mqtt-out', 'file-out', 'dashboard-out'].map(
  (name) => `falconet-${name}`,
);
const SINKS = ['falconet-mqtt-out', 'falconet-file-out'];

/** Cameras that a flow follows with *track*, with rules, model, gateway, broker and sinks. */
export function configFromFlow(nodes: readonly FlowNode[]): ConfigFromFlow {
  const graph = flowGraph(nodes);
  const notes: string[] = [];
  const note = (line: string): void => void notes.push(line);

  const variables = new Set<string>();
  const cameras: Record<string, unknown> = {};
  const tracks = new Set<FlowNode>();
  const detects = new Set<FlowNode>();
  for (const cameraIn of graph.ofType('falconet-camera-in')) {
    const camera = graph.config(cameraIn['camera'], 'falconet-camera');
    if (camera === undefined) {
      note(`${titleOf(cameraIn)}: it has no camera`);
      continue;
    }
    const name = textIn(camera, 'name');
    if (Object.hasOwn(cameras, name)) {
      note(`camera ${name}: it is read twice; the first camera in counts`);
      continue;
    }
    if (cameraIn['autostart'] === false)
      note(`camera ${name}: it starts with the gateway, and not by message`);
    for (const { node } of graph.reach(cameraIn, ['falconet-detect'], 0)) detects.add(node);
    const track = onlyTrack(name, graph.reach(cameraIn, ['falconet-track'], 0), note);
    if (track !== undefined) tracks.add(track);
    cameras[name] = cameraFromFlow(camera, track, note, variables);
  }

  const dashboard = dashboardBehind([...tracks], graph, note);
  const sinks = sinksBehind([...tracks], { graph, note, hasPage: dashboard !== undefined });
  const document = {
    gateway: gatewayOf([...tracks], graph, note),
    mqtt: mqttOf(sinks, graph, note, variables),
    model: modelOf([...detects], graph, note),
    cameras,
    sinks: sinks.map(sinkOf),
    dashboard,
    data: dataOf([...tracks], graph),
  };
  for (const node of graph.idle)
    if (OURS.includes(node.type)) note(`${titleOf(node)}: it is disabled, or in a subflow`);
  for (const node of unlike(nodes, graph)) note(`${titleOf(node)}: falconet.yaml has no counterpart`);
  return { document: without(undefined, document), notes };
}

type Note = (line: string) => void;

function onlyTrack(camera: string, reached: readonly Reached[], note: Note): FlowNode | undefined {
  const [first, ...more] = reached;
  if (first === undefined) {
    note(`camera ${camera}: no track follows it, but in falconet.yaml every camera makes events`);
    return undefined;
  }
  for (const { node } of more)
    note(`camera ${camera}: ${titleOf(node)} is left out, a camera has one set of rules`);
  notePast(`camera ${camera}`, first, note);
  return first.node;
}

function notePast(of: string, { node, past }: Reached, note: Note): void {
  for (const between of past)
    note(`${of}: what ${titleOf(between)} does before ${titleOf(node)} is left out`);
}

/** The page of a gateway is one. */
function dashboardBehind(tracks: readonly FlowNode[], graph: FlowGraph, note: Note): object | undefined {
  const reached = tracks.flatMap((track) => graph.reach(track, ['falconet-dashboard-out']));
  const [page, ...others] = new Set(reached.map(({ node }) => node));
  for (const other of others) note(`${titleOf(other)}: a falconet.yaml has one dashboard, the first counts`);
  return page && dashboardOf(page, note);
}

function sinksBehind(
  tracks: readonly FlowNode[],
  { graph, note, hasPage }: { readonly graph: FlowGraph; readonly note: Note; readonly hasPage: boolean },
): FlowNode[] {
  const by = new Map<FlowNode, number>();
  for (const track of tracks) {
    for (const reached of graph.reach(track, SINKS, 0)) {
      by.set(reached.node, (by.get(reached.node) ?? 0) + 1);
      notePast(titleOf(track), reached, note);
    }
  }
  for (const [sink, count] of by) {
    if (count < tracks.length) note(`${titleOf(sink)}: in falconet.yaml it gets the events of every camera`);
  }
  if (by.size === 0 && !hasPage) note('no mqtt out or file out follows a track: the events go nowhere');
  return [...by.keys()];
}

function sinkOf(node: FlowNode): object {
  if (node.type === 'falconet-mqtt-out') return { type: 'mqtt' };
  const { format, images, gzip } = node;
  return without('', {
    ...{ type: 'file', path: textIn(node, 'path') },
    format: format === 'jsonl' ? '' : format,
    images: images === true ? true : '',
    max_mb: numberFrom(node['maxMb']),
    keep_days: numberFrom(node['keepDays']),
    keep_gb: numberFrom(node['keepGb']),
    gzip: gzip === true ? true : '',
  });
}

function gatewayNodeOf(node: FlowNode, graph: FlowGraph): FlowNode | undefined {
  return graph.config(node['gatewayNode'] ?? node['gateway'], 'falconet-gateway');
}

function gatewayOf(tracks: readonly FlowNode[], graph: FlowGraph, note: Note): string | undefined {
  const names = new Set(
    tracks.map((track) => {
      const gateway = gatewayNodeOf(track, graph);
      return gateway === undefined ? textIn(track, 'gateway') : textIn(gateway, 'name');
    }),
  );
  const [name, ...others] = names;
  for (const other of others) note(`gateway ${other}: a falconet.yaml is one gateway, this one is ${name}`);
  return name;
}

function dataOf(tracks: readonly FlowNode[], graph: FlowGraph): object {
  const gateway = tracks.map((track) => gatewayNodeOf(track, graph)).find((node) => node !== undefined);
  const folder = gateway === undefined ? '' : textIn(gateway, 'folder');
  return without('', {
    path: folder === '' ? 'off' : folder,
    events_days: gateway && numberFrom(gateway['eventsDays']),
    events_gb: gateway && numberFrom(gateway['eventsGb']),
    outbox_hours: gateway && numberFrom(gateway['outboxHours']),
  });
}

function modelOf(detects: readonly FlowNode[], graph: FlowGraph, note: Note): object | undefined {
  const models = new Set(detects.map(({ model }) => graph.config(model, 'falconet-model')));
  const [model, ...others] = [...models].filter((node) => node !== undefined);
  for (const other of others) note(`${titleOf(other)}: a falconet.yaml has one model, the first counts`);
  if (model === undefined) return undefined;
  const { engine } = model;
  return without('auto', { path: model['model'], engine, processes: numberFrom(model['processes']) });
}

function mqttOf(
  sinks: readonly FlowNode[],
  graph: FlowGraph,
  note: Note,
  variables: Set<string>,
): object | undefined {
  const out = sinks.filter(({ type }) => type === 'falconet-mqtt-out');
  const gateways = new Set(out.map((node) => gatewayNodeOf(node, graph)));
  const [gateway, ...others] = [...gateways].filter((node) => node !== undefined);
  for (const other of others) note(`${titleOf(other)}: a falconet.yaml has one broker, the first counts`);
  const broker = gateway && graph.config(gateway['broker'], 'falconet-broker');
  if (gateway === undefined || broker === undefined) return undefined;
  const login = isObject(broker['credentials']) ? broker['credentials'] : {};
  const { url, username, password, needs } = withoutSecrets(textIn(broker, 'url'), login, 'mqtt', variables);
  for (const name of needs)
    note(`${titleOf(broker)}: put what stood in the flow into the environment as ${name}`);
  if (username === undefined)
    note(`${titleOf(broker)}: a user and a password, if it has them, are not in a flow`);
  const { ca, cert, key, clientId, serverName, protocol, verify } = broker;
  return without('', {
    url,
    username,
    password,
    base_topic: gateway['baseTopic'],
    homeassistant: gateway['homeassistant'] === true ? true : '',
    client_id: clientId,
    version: protocol === '5' ? 5 : protocol === 'auto' ? '' : protocol,
    ca,
    cert,
    key,
    tls_server_name: serverName,
    tls_verify: verify === false ? false : '',
  });
}

/** Nodes of others that run, and ours that have no place in a configuration. */
function unlike(nodes: readonly FlowNode[], graph: FlowGraph): FlowNode[] {
  const idle = new Set(graph.idle);
  return nodes.filter(
    (node) =>
      'z' in node &&
      'wires' in node &&
      !idle.has(node) &&
      !SILENT.has(node.type) &&
      !OURS.includes(node.type),
  );
}

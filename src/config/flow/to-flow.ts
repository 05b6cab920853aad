import { INSIDE } from '../node-settings.ts';
import { dashboardFields } from './dashboard-node.ts';
import type { FlowNode } from './flow-node.ts';
import { cameraLeftOut, configLeftOut } from './left-out.ts';
import { nodeIds } from './node-ids.ts';
import type { WrittenConfig } from './read-written.ts';
import { type Address, withoutSecrets } from './secret-places.ts';

type WrittenCamera = WrittenConfig['cameras'][string];

/** A flow that does what a configuration does. */
export interface FlowFromConfig {
  /** One tab and its configuration nodes, to be imported into the editor or deployed; passwords are placeholders. */
  readonly flow: readonly FlowNode[];
  /** What is not in it, one line each. */
  readonly notes: readonly string[];
}

/** Of a gateway; the default of `data.path`. */
const DATA_FOLDER = 'falconet-data';
const ROW = 80;
const COLUMN = { camera: 140, detect: 320, track: 480, sink: 680 } as const;

/** One row a camera: *camera in*, *detect* and *track*, and behind them the sinks, all on one tab. */
export function flowFromConfig(config: WrittenConfig): FlowFromConfig {
  const { gateway = 'home', mqtt, cameras, data, dashboard } = config;
  const id = nodeIds(gateway);
  const notes = [...configLeftOut(config)];
  const tab = id('tab');
  const [gatewayId, modelId] = [id('gateway'), id('model')];
  const page = dashboard && dashboardFields(dashboard);
  notes.push(...(page?.notes ?? []));
  const sinks = sinkNodes(config, { tab, gateway: gatewayId, id, page: page?.fields });
  const variables = new Set<string>();
  const broker = mqtt && brokerNode(mqtt, id('broker'), variables);
  if (broker !== undefined) notes.push(...toPutIn('mqtt', broker.address));

  const rows = Object.entries(cameras).flatMap(([name, camera], row) => {
    const address = withoutSecrets(camera.source, camera, name, variables);
    notes.push(...toPutIn(`camera ${name}`, address), ...cameraLeftOut(name, camera));
    const place = (column: keyof typeof COLUMN) => ({ z: tab, x: COLUMN[column], y: 100 + row * ROW });
    const [cameraId, detectId, trackId] = [id(`camera ${name}`), id(`detect ${name}`), id(`track ${name}`)];
    return [
      {
        id: id(`camera-in ${name}`),
        type: 'falconet-camera-in',
        name: '',
        camera: cameraId,
        autostart: true,
        version: 1,
        ...place('camera'),
        wires: [[detectId], [trackId]],
      },
      {
        id: detectId,
        type: 'falconet-detect',
        name: '',
        model: modelId,
        score: '0.4',
        version: 1,
        ...place('detect'),
        wires: [[trackId]],
      },
      {
        id: trackId,
        type: 'falconet-track',
        name: '',
        gateway,
        gatewayNode: gatewayId,
        rules: rulesOf(camera),
        version: 2,
        ...place('track'),
        wires: [
          sinks.map((sink) => sink.id),
          sinks.filter(({ type }) => type !== 'falconet-file-out').map((sink) => sink.id),
          sinks.filter(({ type }) => type === 'falconet-dashboard-out').map((sink) => sink.id),
        ],
      },
      cameraNode(name, camera, { id: cameraId, address }),
    ];
  });

  const flow: FlowNode[] = [
    { id: tab, type: 'tab', label: gateway, disabled: false, info: '' },
    ...rows,
    ...sinks,
    modelNode(config.model, modelId),
    {
      id: gatewayId,
      type: 'falconet-gateway',
      name: gateway,
      baseTopic: mqtt?.base_topic ?? 'falconet',
      broker: broker?.node.id ?? '',
      folder: folderOf(data?.path),
      homeassistant: mqtt?.homeassistant ?? false,
      ...retentionOf(data),
      version: 2,
    },
    ...(broker === undefined ? [] : [broker.node]),
  ];
  return { flow, notes };
}

function folderOf(path = DATA_FOLDER): string {
  if (path === 'off') return '';
  return INSIDE.test(path) ? path : DATA_FOLDER;
}

function toPutIn(of: string, { needs }: Address): string[] {
  return needs.map((name) => `${of}: put what stood in the file into the environment of Node-RED as ${name}`);
}

function credentialsOf({ username, password }: Address): object {
  if (username === undefined && password === undefined) return {};
  return {
    credentials: { ...(username !== undefined && { username }), ...(password !== undefined && { password }) },
  };
}

function cameraNode(
  name: string,
  { fps = 5, mode = 'normal', interval = 10, hwaccel = 'none', loop = false, masks }: WrittenCamera,
  { id, address }: { readonly id: string; readonly address: Address },
): FlowNode {
  const how = { fps: String(fps), mode, interval: String(interval), hwaccel, loop };
  const privacy = masks?.privacy ?? [];
  return {
    id,
    type: 'falconet-camera',
    name,
    source: address.url,
    ...how,
    privacy,
    version: 2,
    ...credentialsOf(address),
  };
}

/** What *track* holds objects against. Masks other than of objects are not its. */
function rulesOf({ labels, zones, lines, cooldown, schedule, masks }: WrittenCamera): object {
  const object = masks?.object;
  const rules = { labels, zones, lines, cooldown, schedule, masks: object && { object } };
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}

/** Fields of the gateway; an empty one stands for the default. */
function retentionOf(data: WrittenConfig['data'] = {}): object {
  const { events_days: days = '', events_gb: gigabytes = '', outbox_hours: hours = '' } = data;
  return {
    eventsDays: days === 'off' ? '' : String(days),
    eventsGb: String(gigabytes),
    outboxHours: String(hours),
  };
}

function modelNode(
  { path = 'tiny-ssd', engine = 'auto', processes = 'auto' }: WrittenConfig['model'] = {},
  id: string,
): FlowNode {
  return {
    id,
    type: 'falconet-model',
    name: '',
    model: path,
    engine,
    processes: String(processes),
    version: 1,
  };
}

function brokerNode(
  mqtt: NonNullable<WrittenConfig['mqtt']>,
  id: string,
  variables: Set<string>,
): { readonly node: FlowNode; readonly address: Address } {
  const address = withoutSecrets(mqtt.url, mqtt, 'mqtt', variables);
  const { client_id: clientId = '', version = 'auto', ca = '', cert = '', key = '' } = mqtt;
  const { tls_verify: verify = true, tls_server_name: serverName = '' } = mqtt;
  const node = {
    ...{ id, type: 'falconet-broker', name: '', url: address.url, clientId, protocol: String(version) },
    ...{ ca, cert, key, verify, serverName, version: 1 },
    ...credentialsOf(address),
  };
  return { node, address };
}

function sinkNodes(
  { sinks, mqtt }: WrittenConfig,
  {
    tab,
    gateway,
    id,
    page,
  }: {
    readonly tab: string;
    readonly gateway: string;
    readonly id: (of: string) => string;
    /** Of *dashboard out*; undefined for none. */
    readonly page: object | undefined;
  },
): FlowNode[] {
  const wanted = sinks ?? (mqtt === undefined ? [] : [{ type: 'mqtt' as const }]);
  const commonOf = (key: string, row: number) => ({
    id: id(key),
    name: '',
    version: 1,
    z: tab,
    x: COLUMN.sink,
    y: 100 + row * ROW,
    wires: [],
  });
  const nodes = wanted.flatMap((sink, row): FlowNode[] => {
    const common = commonOf(`sink ${row}`, row);
    switch (sink.type) {
      case 'mqtt':
        return [{ ...common, type: 'falconet-mqtt-out', gateway }];
      case 'file':
        return [{ ...common, type: 'falconet-file-out', ...fileFields(sink) }];
      default:
        return []; // left-out.ts tells of it
    }
  });
  if (page === undefined) return nodes;
  return [
    ...nodes,
    { ...commonOf('dashboard', wanted.length), type: 'falconet-dashboard-out', gateway, ...page },
  ];
}

type FileSink = Extract<NonNullable<WrittenConfig['sinks']>[number], { readonly type: 'file' }>;

function fileFields({ path, format = 'jsonl', images = false, gzip = false, ...limits }: FileSink): object {
  const { max_mb: maxMb = '', keep_days: keepDays = '', keep_gb: keepGb = '' } = limits;
  return {
    path,
    format,
    images,
    maxMb: String(maxMb),
    keepDays: String(keepDays),
    keepGb: String(keepGb),
    gzip,
  };
}

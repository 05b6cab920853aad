import { resolve } from 'node:path';
import { gatewaySettings } from '../../src/config/node-settings.ts';
import { brokerOf } from '../lib/broker-node.ts';
import type { GatewayNode } from '../lib/gateway-node.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { Shared } from '../lib/shared.ts';
import { openGatewayArchive } from './archive.ts';
import { openGatewayData } from './data.ts';
import { openMqtt } from './mqtt.ts';

interface GatewayDef extends NodeDef {
  /** Topics start here, no slash at either end. */
  readonly baseTopic: string;
  /** Id of the falconet-broker config node; empty for none. */
  readonly broker: string;
  /** Under Node-RED's user folder; empty for none. */
  readonly folder: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-gateway`: one name, one place on disk and one connection to the broker for all nodes that use it. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType(
    'falconet-gateway',
    function (this: RedNode & Writable<GatewayNode>, def: GatewayDef) {
      RED.nodes.createNode(this, def);
      let secrets: readonly string[] = [];
      const log = nodeLog(this, () => secrets);
      const settings = () => {
        const { name, baseTopic, folder } = migrated<GatewayDef>(def, []);
        return gatewaySettings({ name, base_topic: baseTopic, folder: folder || undefined });
      };
      this.gatewayName = def.name;
      const place = () => {
        const { folder } = settings();
        return { folder: folder && resolve(RED.settings.userDir ?? process.cwd(), folder), log };
      };
      const data = new Shared(async () => openGatewayData(place()));
      this.data = data;
      this.archive = new Shared(async () => openGatewayArchive(place()));
      this.mqtt = new Shared(async () => {
        const { name: gateway, base_topic: baseTopic } = settings();
        const broker = brokerOf(RED, def.broker, baseTopic);
        secrets = broker.secrets;
        return openMqtt({ gateway, broker, data, log });
      });
    },
  );
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

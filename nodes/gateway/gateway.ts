import { resolve } from 'node:path';
import { numberFrom, without } from '../../src/config/fields.ts';
import { gatewaySettings } from '../../src/config/node-settings.ts';
import { monotonic } from '../../src/core/clock.ts';
import { brokerOf } from '../lib/broker-node.ts';
import type { GatewayNode } from '../lib/gateway-node.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { Shared } from '../lib/shared.ts';
import { userFolder } from '../lib/user-folder.ts';
import { openGatewayArchive } from './archive.ts';
import { openGatewayData } from './data.ts';
import { MIGRATIONS } from './migrations.ts';
import { openMqtt } from './mqtt.ts';
import { gatewayRoster } from './roster.ts';

interface GatewayDef extends NodeDef {
  /** Topics start here, no slash at either end. */
  readonly baseTopic: string;
  /** Id of the falconet-broker config node; empty for none. */
  readonly broker: string;
  /** Under Node-RED's user folder; empty for none. */
  readonly folder: string;
  /** Whether Home Assistant is told of the cameras. */
  readonly homeassistant: boolean;
  /** Empty for the default of falconet.yaml, as the next two. */
  readonly eventsDays: string;
  readonly eventsGb: string;
  readonly outboxHours: string;
  /** Of the saved shape: 1 to 2, see migrations.ts. */
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
        const saved = migrated<GatewayDef>(def, MIGRATIONS);
        const optional = {
          folder: saved.folder,
          homeassistant: saved.homeassistant,
          events_days: numberFrom(saved.eventsDays),
          events_gb: numberFrom(saved.eventsGb),
          outbox_hours: numberFrom(saved.outboxHours),
        };
        return gatewaySettings({
          name: saved.name,
          base_topic: saved.baseTopic,
          ...without('', optional),
        });
      };
      this.gatewayName = def.name;
      const roster = gatewayRoster({ clock: monotonic() });
      this.roster = roster;
      const place = () => {
        const wanted = settings();
        const folder = wanted.folder && resolve(userFolder(RED), wanted.folder);
        return { folder, settings: wanted, log };
      };
      const data = new Shared(async () => openGatewayData(place()));
      this.data = data;
      this.archive = new Shared(async () => openGatewayArchive(place()));
      this.mqtt = new Shared(async () => {
        const wanted = settings();
        const broker = brokerOf(RED, def.broker, wanted.base_topic);
        secrets = broker.secrets;
        return openMqtt({ settings: wanted, broker, data, roster, log });
      });
    },
  );
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

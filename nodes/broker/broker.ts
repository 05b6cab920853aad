import { without } from '../../src/config/fields.ts';
import { nodeBroker } from '../../src/config/node-settings.ts';
import type { BrokerNode } from '../lib/broker-node.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { userFolder } from '../lib/user-folder.ts';

interface BrokerDef extends NodeDef {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  readonly clientId: string;
  /** Of MQTT: `auto`, `5` or `3.1.1`. */
  readonly protocol: string;
  /** Paths of PEM files. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Whether the broker has to show a trusted certificate. */
  readonly verify: boolean;
  readonly serverName: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-broker`: where a broker is and how it is logged in to; a gateway that uses it connects, this one does not. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType(
    'falconet-broker',
    function (this: RedNode & BrokerNode, def: BrokerDef) {
      RED.nodes.createNode(this, def);
      const { credentials = {} } = this;
      this.openBroker = (baseTopic) =>
        nodeBroker(
          { ...settingsOf(migrated<BrokerDef>(def, []), credentials), base_topic: baseTopic },
          userFolder(RED),
        );
    },
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
}

/** An empty field is one that was left out. */
function settingsOf(def: BrokerDef, { username, password }: NonNullable<RedNode['credentials']>): object {
  const { url, clientId, protocol, ca, cert, key, verify, serverName } = def;
  const all = {
    ...{ url, username, password, ca, cert, key },
    client_id: clientId,
    version: protocol === '5' ? 5 : protocol,
    tls_verify: verify === false ? false : undefined,
    tls_server_name: serverName,
  };
  return without('', all);
}

import { gatewayOf, type MqttOutlet } from '../lib/gateway-node.ts';
import { inWords } from '../lib/io.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { Shared } from '../lib/shared.ts';
import { cannotSend, createBadge, link, sending, tells } from '../lib/status.ts';
import { type Told, toldIn } from '../lib/told.ts';

interface MqttOutDef extends NodeDef {
  /** Id of the falconet-gateway config node, which has the broker. */
  readonly gateway: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-mqtt-out`: what *track* tells, on the topics that `falconet run` has. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-mqtt-out', function (this: RedNode, def: MqttOutDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    const fail = (error: unknown): Error => {
      badge.show(cannotSend(error));
      return inWords(error);
    };
    const shared = mqttOf(RED, def);
    const opening = shared.acquire();
    let unwatch = (): void => {};
    opening.then(
      (outlet) => {
        unwatch = outlet.watch(({ isUp, sentence }) => {
          badge.show(link(isUp));
          if (!isUp) this.error(sentence, {});
        });
      },
      (error: unknown) => this.error(fail(error).message, {}),
    );

    const send = async (told: Told): Promise<void> => {
      const outlet = await opening;
      if (told.kind === 'state') return outlet.state(told.report);
      if (told.kind === 'tally') return outlet.tally(told.camera, told.tally);
      badge.show(sending());
      await outlet.push(told.delivery, (error) => {
        if (error === undefined) badge.show(tells(told.delivery.event));
        else this.error(fail(error).message, {}); // its message is done with: what waits is on disk
      });
    };
    this.on('input', (msg, _send, done) => {
      const failed = (error: unknown): void => done(fail(error));
      try {
        send(toldIn(msg)).then(() => done(), failed);
      } catch (error) {
        failed(error);
      }
    });
    this.on('close', (_removed, done) => {
      unwatch();
      void shared.release().then(() => {
        badge.close();
        done();
      });
    });
  });
}

function mqttOf(RED: NodeRed, def: MqttOutDef): Shared<MqttOutlet> {
  try {
    return gatewayOf(RED, migrated<MqttOutDef>(def, []).gateway).mqtt;
  } catch (error) {
    return new Shared(() => Promise.reject(error)); // whoever acquires it is told why
  }
}

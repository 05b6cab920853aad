import { type RecordedMessage, startBroker, type TestBroker } from '../../helpers/broker.ts';
import { startWire } from '../../helpers/wire.ts';

/** A broker that goes and comes back, at the end of a line that can fall silent. */
export interface FickleBroker {
  readonly url: string;
  /** All that it ever got. */
  messages(): readonly RecordedMessage[];
  silence(): void;
  speak(): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export async function startFickleBroker(): Promise<FickleBroker> {
  let broker: TestBroker = await startBroker();
  const { port } = broker;
  const wire = await startWire(port);
  const early: RecordedMessage[] = [];
  const goAway = async (): Promise<void> => {
    await wire.close();
    await broker.close();
  };
  return {
    url: `mqtt://127.0.0.1:${wire.port}`,
    messages: () => [...early, ...broker.messages],
    silence: wire.silence,
    speak: wire.speak,
    goAway,
    async comeBack() {
      const next = await startBroker({ port });
      early.push(...broker.messages);
      broker = next;
      await wire.open();
    },
    close: goAway,
  };
}

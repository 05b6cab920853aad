import type { BrokerFault } from './fault.ts';

/** A line for the log. */
export interface Remark {
  readonly level: 'info' | 'warn';
  readonly sentence: string;
  readonly hint?: string;
}

/** What there is to say about a connection, without saying it again and again. No clock, no I/O. */
export interface Outage {
  connected(): Remark | undefined;
  /** An attempt to connect failed, or a connection did. */
  failed(fault: BrokerFault): Remark | undefined;
  /** The connection ended after `livedMs`, because another client took its id or for some other reason. */
  lost(livedMs: number, cause: 'taken-over' | 'other'): Remark | undefined;
  /** The connection has lived for so long that it counts as good. */
  settled(): Remark | undefined;
}

export interface OutageOptions {
  readonly clientId: string;
  /** A connection that ends sooner was a short one. */
  readonly settledMs: number;
}

/** So many short connections in a row are no accident. */
const SHORT_IN_A_ROW = 3;

/**
 * Each sentence once per outage. Where two clients push each other out in turn (MQTT 3.1.1, section 3.1.4), that
 * is one outage, however often each of them connects: MQTT 5 names the reason, with 3.1.1 three short connections
 * in a row are the sign. The next word after that is the `settled` one.
 */
export function outage({ clientId, settledMs }: OutageOptions): Outage {
  const said = new Set<string>();
  let short = 0;
  let isContested = false;

  function once(remark: Remark): Remark | undefined {
    if (said.has(remark.sentence)) return undefined;
    said.add(remark.sentence);
    return remark;
  }

  function contested(sentence: string): Remark | undefined {
    isContested = true;
    return once({ level: 'warn', sentence, hint: 'Give each gateway a mqtt.client_id of its own, or none' });
  }

  return {
    connected() {
      if (isContested) return undefined;
      said.clear();
      return { level: 'info', sentence: 'connected' };
    },
    failed({ sentence, hint }) {
      return once({ level: 'warn', sentence: `${sentence}; trying again in the background`, hint });
    },
    lost(livedMs, cause) {
      short = livedMs < settledMs ? short + 1 : 0;
      if (cause === 'taken-over') return contested(`another client uses the id ${clientId}; trying again`);
      if (short >= SHORT_IN_A_ROW) {
        const id = `perhaps another client uses the id ${clientId}`;
        return contested(`the broker ended ${SHORT_IN_A_ROW} connections soon after they began; ${id}`);
      }
      if (isContested) return undefined;
      return once({ level: 'warn', sentence: 'connection lost; what is to be sent waits' });
    },
    settled() {
      short = 0;
      said.clear();
      if (!isContested) return undefined;
      isContested = false;
      return { level: 'info', sentence: 'connected' };
    },
  };
}

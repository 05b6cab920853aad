import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { FrameTotals } from '../../../src/core/frame-totals.ts';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import type { RecordedMessage } from '../../helpers/broker.ts';
import { eventsIn } from '../../helpers/events.ts';
import type { Running } from '../../helpers/falconet.ts';
import { byCamera, type Camera, type Heard, type Line, type State } from './cast.ts';

/** What one can learn of a gateway from outside: its log, its messages, its files. */
export interface Ears {
  /** Whatever comes from here on. */
  listen(): () => Heard;
  /** The whole log. */
  lines(): Line[];
  /** What became of each camera's frames until now; asked for by SIGHUP, so the broker must be there. */
  figures(): Promise<Record<Camera, FrameTotals>>;
  /** As the broker got them, each once. */
  published(): FalconetEvent[];
  /** What is in the files. */
  written(): FalconetEvent[];
}

export interface EarsOptions {
  readonly gateway: Running;
  readonly messages: () => readonly RecordedMessage[];
  /** Where its files of events are, however deep. */
  readonly folder: string;
}

/** On a busy machine too. */
export const WITHIN = { timeout: 60_000, interval: 20 };

export function earsFor({ gateway, messages, folder }: EarsOptions): Ears {
  const states = (): State[] => messages().flatMap(stateOf);
  const lines = (): Line[] => {
    const whole = gateway.output().stderr.split('\n').slice(0, -1);
    return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
  };
  const written = (): FalconetEvent[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => eventsIn(join(folder, name)));

  function listen(): () => Heard {
    const before = { states: states().length, lines: lines().length, written: written().length };
    return () => ({
      states: states().slice(before.states),
      lines: lines().slice(before.lines),
      written: written().length - before.written,
    });
  }

  /** The states that come once they were asked for. */
  function asked(): Promise<Record<Camera, FrameTotals>> {
    const since = listen();
    gateway.kill('SIGHUP');
    return vi.waitFor(() => {
      const heard = since();
      if (!heard.lines.some(({ msg }) => msg === 'configuration read again')) throw new Error('not yet read');
      return byCamera((camera) => {
        const told = heard.states.findLast((state) => state.camera === camera);
        if (told === undefined) throw new Error(`expected the state of ${camera}`);
        return told.frames;
      });
    }, WITHIN);
  }

  return {
    listen,
    lines,
    published: () => onceEach(messages().flatMap(eventOf)),
    written,
    async figures() {
      await asked(); // a broker that is back may just then get states of before its absence
      return asked();
    },
  };
}

function stateOf({ topic, payload }: RecordedMessage): State[] {
  const camera = /^falconet\/camera\/(\w+)\/state$/.exec(topic)?.[1];
  return camera === undefined ? [] : [{ camera: camera as Camera, ...JSON.parse(payload.toString()) }];
}

function eventOf({ topic, payload }: RecordedMessage): FalconetEvent[] {
  return topic.endsWith('/event') ? [JSON.parse(payload.toString()) as FalconetEvent] : [];
}

/** MQTT delivers at least once. */
function onceEach(events: readonly FalconetEvent[]): FalconetEvent[] {
  return [...new Map(events.map((event) => [`${event.camera} ${event.stream_seq}`, event])).values()];
}

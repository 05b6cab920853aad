import type { Answer } from '../core/desk.ts';
import { FalconetError } from '../core/error.ts';
import { isoTime } from '../core/iso-time.ts';
import type { BridgeHealth } from '../core/schema/bridge.ts';
import { type RequestBody, requestSchemas, type Verb } from '../core/schema/request.ts';
import type { Snapshot } from '../pipeline.ts';
import { slug } from '../sinks/slug.ts';
import type { LogLevel } from './logger.ts';
import type { Setting } from './switches.ts';

/** What can be done with a gateway that runs, one after the other. */
export interface Actions {
  health(): BridgeHealth;
  /** @param camera - @default all of them, and the engines */
  restart(camera?: string): Promise<void>;
  /** @returns the parts that differed. */
  reload(): Promise<readonly string[]>;
  /** All of them or, where one is refused, none; see `Desk.set`. */
  set(camera: string, settings: readonly Setting[]): Promise<void>;
  snapshot(camera: string): Promise<Snapshot>;
  setLogLevel(level: LogLevel): void;
}

/**
 * Carries out what was asked for.
 *
 * @throws REQUEST_REFUSED for a body that is none of this verb; what the action throws.
 */
export async function carryOut(verb: Verb, body: unknown, actions: Actions): Promise<Answer> {
  switch (verb) {
    case 'health':
      checked(verb, body);
      return { data: actions.health() };
    case 'restart': {
      const { camera } = checked(verb, body);
      await actions.restart(camera);
      return { data: camera === undefined ? {} : { camera } };
    }
    case 'reload':
      checked(verb, body);
      return { data: { changed: await actions.reload() } };
    case 'camera/enable':
    case 'camera/disable': {
      const { camera } = checked(verb, body);
      await actions.set(camera, [{ name: 'enabled', value: verb === 'camera/enable' ? 'ON' : 'OFF' }]);
      return { data: { camera } };
    }
    case 'camera/snapshot': {
      const { camera } = checked(verb, body);
      const { jpeg, time, width, height } = await actions.snapshot(camera);
      return { data: { camera, time: isoTime(time), width, height }, picture: { camera, jpeg } };
    }
    case 'thresholds': {
      const { camera, labels } = checked(verb, body);
      const settings = Object.entries(labels).map(([label, score]) => ({
        name: `threshold/${slug(label)}`,
        value: score === null ? '' : String(score),
      }));
      await actions.set(camera, settings);
      return { data: { camera, labels } };
    }
    case 'log-level': {
      const { level } = checked(verb, body);
      actions.setLogLevel(level);
      return { data: { level } };
    }
  }
}

/** @throws REQUEST_REFUSED with the first thing that is wrong, without what came. */
function checked<V extends Verb>(verb: V, body: unknown): RequestBody<V> {
  const parsed = requestSchemas[verb].safeParse(body);
  if (parsed.success) return parsed.data as RequestBody<V>;
  const [issue] = parsed.error.issues;
  const at =
    issue === undefined || issue.path.length === 0
      ? ''
      : `${issue.path.map(String).join('.').slice(0, 100)}: `;
  throw new FalconetError(
    'REQUEST_REFUSED',
    `${at}${issue?.message.slice(0, 300) ?? 'expected another body'}`,
  );
}

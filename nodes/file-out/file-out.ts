import { numberFrom, without } from '../../src/config/fields.ts';
import { fileOutSettings } from '../../src/config/node-settings.ts';
import { systemClock } from '../../src/core/clock.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Sink } from '../../src/core/sink.ts';
import { filePlan } from '../../src/pipeline/file-plan.ts';
import { inWords } from '../lib/io.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { cannotWrite, createBadge, tells } from '../lib/status.ts';
import { toldIn } from '../lib/told.ts';
import { userFolder } from '../lib/user-folder.ts';

interface FileOutDef extends NodeDef {
  /** JSON Lines file with placeholders of time, from Node-RED's user folder. */
  readonly path: string;
  /** `jsonl` or `csv`. */
  readonly format: string;
  /** Pictures are kept, too. */
  readonly images: boolean;
  /** Limits, as texts; empty for none. */
  readonly maxMb: string;
  readonly keepDays: string;
  readonly keepGb: string;
  /** Files that are written no more are compressed. */
  readonly gzip: boolean;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** Events that wait for a slow disk; with their pictures some 60 MB. */
const MOST_WAITING = 1_000;

/** `falconet-file-out`: the events of *track* as lines of JSON, and their pictures. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-file-out', function (this: RedNode, def: FileOutDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    let waiting = 0;
    let sink: Sink | undefined;
    const open = (): Sink => {
      const folder = userFolder(RED);
      return filePlan(fileOutSettings(settingsOf(migrated<FileOutDef>(def, []))), folder, {
        log: nodeLog(this),
        clock: systemClock,
      }).open();
    };
    const write = async (told: ReturnType<typeof toldIn>): Promise<void> => {
      if (told.kind !== 'event') return; // a file has no place for states and counts
      if (waiting >= MOST_WAITING) throw tooMany();
      waiting++;
      try {
        sink ??= open();
        await sink.write(told.delivery);
        badge.show(tells(told.delivery.event));
      } finally {
        waiting--;
      }
    };
    const fail = (error: unknown): Error => {
      badge.show(cannotWrite(error));
      return inWords(error);
    };
    try {
      sink = open();
    } catch (error) {
      this.error(fail(error).message, {});
    }

    this.on('input', (msg, _send, done) => {
      const failed = (error: unknown): void => done(fail(error));
      try {
        write(toldIn(msg)).then(() => done(), failed);
      } catch (error) {
        failed(error);
      }
    });
    this.on('close', (_removed, done) => {
      void Promise.resolve(sink?.close()).then(() => {
        badge.close();
        done();
      });
    });
  });
}

/** An empty field is one that was left out. */
function settingsOf({ path, format, images, gzip, ...limits }: FileOutDef): object {
  const all = {
    ...{ path, format, images, gzip },
    max_mb: numberFrom(limits.maxMb),
    keep_days: numberFrom(limits.keepDays),
    keep_gb: numberFrom(limits.keepGb),
  };
  return without('', all);
}

function tooMany(): FalconetError {
  return new FalconetError(
    'SINK_WRITE',
    `file: expected at most ${MOST_WAITING} events to wait, got one more`,
    {
      hint: 'Check that the disk answers',
    },
  );
}

import type { DatabaseSync } from 'node:sqlite';
import { isoTime } from '../../core/iso-time.ts';
import { lastSeenAt } from '../../core/last-seen.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { OPEN } from './tables.ts';

/** A life's row, without what is searched by. */
export interface KeptLife {
  readonly id: string;
  readonly seq: number;
  /** `image.ref` of the picture that is kept. */
  readonly picture: string | null;
  readonly bytes: number;
}

/** The rows of an open file. */
export interface Lives {
  get(id: string): (KeptLife & { readonly image: FalconetEvent['image'] }) | undefined;
  /** Keeps the event as the newest message of its life. @returns the bytes that its row counts for. */
  put(event: FalconetEvent, pictureBytes: number): number;
  remove(id: string): void;
  /**
   * Ends those that are open although their newest message is from before then: at their last sighting, with the
   * message as it came but for its `end`. One that is told of again is open again.
   */
  endSilent(before: number): void;
  /** Those that ended before then, longest ago first. */
  oldest(until: number, limit: number): KeptLife[];
  /** Of all, pictures included. */
  bytes(): number;
  pictures(): Set<string>;
}

/** What a row takes beside its JSON, in tables and indexes. */
const ROW_BYTES = 700;
const KEPT = 'id, seq, picture, bytes';

/** @param text - the event's JSON. */
export function rowBytes(text: string): number {
  return Buffer.byteLength(text) + ROW_BYTES;
}

export function livesIn(database: DatabaseSync): Lives {
  const get = database.prepare(`SELECT ${KEPT}, event ->> '$.image' AS image FROM lives WHERE id = ?`);
  const put = database.prepare('INSERT OR REPLACE INTO lives VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM lives WHERE id = ?');
  const enter = database.prepare('INSERT OR IGNORE INTO zones VALUES (?, ?, ?)');
  const leave = database.prepare('DELETE FROM zones WHERE id = ?');
  const silent = database.prepare("SELECT event FROM lives WHERE until = ? AND event ->> '$.time' < ?");
  const end = database.prepare('UPDATE lives SET until = ?, event = ? WHERE id = ?');
  const oldest = database.prepare(`SELECT ${KEPT} FROM lives WHERE until < ? ORDER BY until LIMIT ?`);
  const bytes = database.prepare('SELECT total(bytes) AS bytes FROM lives');
  const pictures = database.prepare('SELECT picture FROM lives WHERE picture IS NOT NULL');

  return {
    get(id) {
      const row = get.get(id) as (KeptLife & { image: string | null }) | undefined;
      return row && { ...row, image: JSON.parse(row.image ?? 'null') as FalconetEvent['image'] };
    },
    put(event, pictureBytes) {
      const { id, camera, label, seq, zones, end, image } = event;
      const start = Date.parse(event.start);
      const text = JSON.stringify(event);
      const own = rowBytes(text) + pictureBytes;
      const until = end === null ? OPEN : Date.parse(end);
      put.run(id, camera, label, start, until, seq, text, image?.ref ?? null, own);
      for (const zone of zones.entered) enter.run(zone, start, id);
      return own;
    },
    remove(id) {
      remove.run(id);
      leave.run(id);
    },
    endSilent(before) {
      for (const { event } of silent.all(OPEN, isoTime(before))) {
        const last = JSON.parse(String(event)) as FalconetEvent;
        const until = lastSeenAt(last);
        end.run(until, JSON.stringify({ ...last, end: isoTime(until) }), last.id);
      }
    },
    oldest: (until, limit) => oldest.all(until, limit) as unknown as KeptLife[],
    bytes: () => Number(bytes.get()?.['bytes']),
    pictures: () => new Set(pictures.all().map(({ picture }) => String(picture))),
  };
}

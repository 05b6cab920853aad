import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/load.ts';
import { FalconetError } from '../core/error.ts';
import type { EventQuery } from '../core/event-archive.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import { archiveFolder } from '../daemon/archive-plan.ts';
import { openEventArchive } from '../sinks/archive/event-archive.ts';
import { databaseAt, picturesAt } from '../sinks/archive/place.ts';
import { followEvents, recentLives } from './events/follow.ts';
import { momentOf } from './events/moment.ts';
import { eventRow, eventTable } from './events/table.ts';

interface EventsOptions extends Required<Pick<EventQuery, 'limit'>>, Omit<EventQuery, 'limit' | 'before'> {
  readonly json: boolean;
  readonly follow: boolean;
  readonly data?: string;
}

const NOTES = `
A time is 30m, 12h, 2d or 1w ago, or a date or time such as 2026-11-24 or 2026-11-24T08:00. An event counts from its
start to its end. The gateway may run meanwhile. --data does without a configuration, and its passwords.`;

/** `falconet events`: what the gateway has seen, from its event store. */
export function eventsCommand(): Command {
  return new Command('events')
    .description('list what the gateway of a configuration has seen, the latest last')
    .argument('[config]', 'configuration file', 'falconet.yaml')
    .option('--since <time>', 'still seen then or later', moment)
    .option('--until <time>', 'begun before then', moment)
    .option('--camera <name>', 'of one camera')
    .option('--label <label>', 'of one label')
    .option('--zone <name>', 'that were in a zone')
    .option('--limit <count>', 'most events, 1 to 1000', countOf, 100)
    .option('--follow', 'then what begins and ends, as it does', false)
    .option('--json', 'one event a line on stdout', false)
    .option('--data <folder>', 'data folder, in place of a configuration')
    .addHelpText('after', NOTES)
    .action(events);
}

async function events(path: string, options: EventsOptions): Promise<void> {
  const folder = options.data ?? (await configuredFolder(path));
  if (!existsSync(databaseAt(folder))) {
    throw new FalconetError('ARCHIVE_FAILED', `${folder}: expected an event store, found none`, {
      hint: 'Start the gateway once, or name its data folder with --data',
    });
  }
  const archive = openEventArchive(folder);
  try {
    const { json, follow, data, ...query } = options;
    const recent = follow ? await recentLives(archive, query) : []; // first: what comes in between is found or new
    const found = await archive.find(query);
    const pictures = picturesAt(folder);
    if (json) for (const event of found.toReversed()) console.log(JSON.stringify(event));
    else for (const line of eventTable(found.toReversed(), pictures)) console.log(line);
    if (!follow) return;
    const show = (event: FalconetEvent): void =>
      console.log(json ? JSON.stringify(event) : eventRow(event, pictures).join('  ').trimEnd());
    await followEvents(archive, { query, known: [...recent, ...found], show, everyMessage: json });
  } finally {
    await archive.close();
  }
}

async function configuredFolder(path: string): Promise<string> {
  const folder = archiveFolder(await loadConfig(path));
  if (folder !== undefined) return folder;
  throw new FalconetError('CONFIG_INVALID', `${path}: expected a data folder and data.events_days, got off`);
}

function moment(text: string): number {
  const at = momentOf(text, Date.now());
  if (at === undefined) throw new InvalidArgumentError('Expected a time such as 1h, 2d or 2026-11-24T08:00.');
  return at;
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count;
  throw new InvalidArgumentError('Expected a number from 1 to 1000.');
}

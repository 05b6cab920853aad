import { FalconetError } from '../../src/core/error.ts';
import type { NodeDef } from './node-red.ts';

/** What version `n + 1` made of what version `n` saved, at place `n - 1`. */
export type Migrations = readonly ((
  saved: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>)[];

/**
 * A saved node in the shape of now.
 *
 * @param saved - without `version`, it is of the first.
 * @throws CONFIG_INVALID for one that a later Falconet saved.
 */
export function migrated<D extends NodeDef & { readonly version: number }>(
  saved: NodeDef & { readonly version?: number },
  migrations: Migrations,
): D {
  const { version = 1 } = saved;
  const now = migrations.length + 1;
  if (!Number.isInteger(version) || version < 1 || version > now) {
    throw new FalconetError('CONFIG_INVALID', `expected a node of version 1 to ${now}, got ${version}`, {
      hint: 'It was saved by a newer Falconet: update this one',
    });
  }
  const fields = migrations
    .slice(version - 1)
    .reduce((node, migrate) => migrate(node), { ...saved } as Readonly<Record<string, unknown>>);
  return { ...fields, version: now } as unknown as D;
}

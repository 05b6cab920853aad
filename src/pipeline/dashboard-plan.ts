import { join } from 'node:path';
import type { DashboardFiles } from '../config/dashboard-files.ts';
import { addressOf } from '../config/schema/address.ts';
import type { Config } from '../config/schema.ts';
import type { CameraView } from '../core/dashboard.ts';
import { packageRoot } from '../core/package-root.ts';
import type { DashboardOptions } from '../web/dashboard.ts';

export type DashboardPlan = Pick<
  DashboardOptions,
  'host' | 'port' | 'users' | 'tls' | 'frameAncestors' | 'pageFolder'
>;

/** How the page is served, as a configuration says it. */
export function dashboardPlan(
  settings: NonNullable<Config['dashboard']>,
  { cert, key }: DashboardFiles,
): DashboardPlan {
  const users = Object.entries(settings.users ?? {}).map(
    ([name, { password_hash: passwordHash, role }]) => [name, { passwordHash, role }] as const,
  );
  return {
    ...addressOf(settings.listen),
    users: Object.fromEntries(users),
    tls: cert === undefined || key === undefined ? undefined : { cert, key },
    frameAncestors: settings.frame_ancestors,
    pageFolder: join(packageRoot, 'dist/page'),
  };
}

type Drawn = Pick<Config['cameras'][string], 'zones' | 'lines'>;

/** What the page draws over a camera's picture. */
export function shapesOf({ zones = {}, lines = {} }: Drawn): Pick<CameraView, 'zones' | 'lines'> {
  return {
    zones: Object.entries(zones).map(([name, { polygon }]) => ({ name, polygon })),
    lines: Object.entries(lines).map(([name, { from, to }]) => ({ name, from, to })),
  };
}

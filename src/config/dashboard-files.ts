import { type PemFiles, type Pems, readPemFiles } from './pem-files.ts';
import type { Config } from './schema.ts';

const KEYS = ['cert', 'key'] as const;
type FileKey = (typeof KEYS)[number];

/** What `dashboard.cert` and `dashboard.key` name, as PEM. */
export type DashboardFiles = Pems<FileKey>;

/** Reads the dashboard's certificate and key, and looks whether they are such and belong together. */
export function readDashboardFiles(
  { dashboard }: Pick<Config, 'dashboard'>,
  folder: string,
): PemFiles<'dashboard', FileKey> {
  return readPemFiles({ part: 'dashboard', keys: KEYS, names: dashboard, folder });
}

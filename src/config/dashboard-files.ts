import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readProblem } from './read-problem.ts';
import type { Config } from './schema.ts';

const KEYS = ['cert', 'key'] as const;
type FileKey = (typeof KEYS)[number];

/** What `dashboard.cert` and `dashboard.key` name, as PEM. */
export type DashboardFiles = Readonly<Partial<Record<FileKey, string>>>;

interface Mistake {
  readonly path: readonly ['dashboard', FileKey];
  /** Names the file, and nothing of what is in it. */
  readonly message: string;
}

/** Reads the dashboard's certificate and key, and looks whether they are such and belong together. */
export function readDashboardFiles(
  { dashboard }: Pick<Config, 'dashboard'>,
  folder: string,
): { readonly files: DashboardFiles; readonly mistakes: readonly Mistake[] } {
  const files: Partial<Record<FileKey, string>> = {};
  const mistakes: Mistake[] = [];
  for (const key of KEYS) {
    const name = dashboard?.[key];
    if (name === undefined) continue;
    const path = resolve(folder, name);
    try {
      files[key] = readFileSync(path, 'utf8');
      const problem = problemOf(key, files);
      if (problem !== undefined) mistakes.push({ path: ['dashboard', key], message: `${path} ${problem}` });
    } catch (cause) {
      mistakes.push({ path: ['dashboard', key], message: `${path} cannot be read: ${readProblem(cause)}` });
    }
  }
  return { files, mistakes };
}

function problemOf(key: FileKey, { cert = '', key: secret = '' }: DashboardFiles): string | undefined {
  let own: X509Certificate | undefined;
  try {
    own = new X509Certificate(cert);
  } catch {
    if (key === 'cert') return 'holds no PEM certificate';
  }
  if (key === 'cert') return undefined;
  try {
    const isOurs = own?.checkPrivateKey(createPrivateKey(secret)) ?? true; // without a certificate that is the mistake
    return isOurs ? undefined : 'is not the key of the certificate in dashboard.cert';
  } catch {
    return 'holds no PEM key that can be read without a passphrase';
  }
}

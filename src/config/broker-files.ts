import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readProblem } from './read-problem.ts';
import type { Config } from './schema.ts';

const KEYS = ['ca', 'cert', 'key'] as const;
type FileKey = (typeof KEYS)[number];

/** What `mqtt.ca`, `mqtt.cert` and `mqtt.key` name, as PEM. */
export type BrokerFiles = Readonly<Partial<Record<FileKey, string>>>;

interface Mistake {
  readonly path: readonly ['mqtt', FileKey];
  /** Names the file, and nothing of what is in it. */
  readonly message: string;
}

/** Reads the certificates and the key for a broker, and looks whether they are such and belong together. */
export function readBrokerFiles(
  { mqtt }: Pick<Config, 'mqtt'>,
  folder: string,
): { readonly files: BrokerFiles; readonly mistakes: readonly Mistake[] } {
  const files: Partial<Record<FileKey, string>> = {};
  const mistakes: Mistake[] = [];
  for (const key of KEYS) {
    const name = mqtt?.[key];
    if (name === undefined) continue;
    const path = resolve(folder, name);
    const mistake = (problem: string): void =>
      void mistakes.push({ path: ['mqtt', key], message: `${path} ${problem}` });
    try {
      files[key] = readFileSync(path, 'utf8');
    } catch (cause) {
      mistake(`cannot be read: ${readProblem(cause)}`);
      continue;
    }
    const problem = pemProblem(key, files);
    if (problem !== undefined) mistake(problem);
  }
  return { files, mistakes };
}

/** What is wrong with a file; of a key also whether it belongs to the certificate. */
function pemProblem(key: FileKey, { ca = '', cert = '', key: secret = '' }: BrokerFiles): string | undefined {
  if (key !== 'key')
    return certificateOf(key === 'ca' ? ca : cert) === undefined ? 'holds no PEM certificate' : undefined;
  const own = certificateOf(cert);
  try {
    const isOurs = own?.checkPrivateKey(createPrivateKey(secret)) ?? true; // without one that is the mistake
    return isOurs ? undefined : 'is not the key of the certificate in mqtt.cert';
  } catch {
    return 'holds no PEM key that can be read without a passphrase';
  }
}

function certificateOf(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

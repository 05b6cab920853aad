import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readProblem } from './read-problem.ts';

type FileKey = 'ca' | 'cert' | 'key';

/** What is in them, by key. */
export type Pems<Key extends FileKey = FileKey> = Readonly<Partial<Record<Key, string>>>;

export interface PemOptions<Part, Key extends FileKey> {
  readonly part: Part;
  /** `cert` before `key`. */
  readonly keys: readonly Key[];
  /** What the part of the configuration has there. */
  readonly names: { readonly [K in Key]?: string | undefined } | undefined;
  /** Of the configuration. */
  readonly folder: string;
}

export interface PemFiles<Part, Key extends FileKey> {
  readonly files: Pems<Key>;
  readonly mistakes: readonly {
    readonly path: readonly [Part, Key];
    /** Names the file, and nothing of what is in it. */
    readonly message: string;
  }[];
}

/** Reads the certificates and the key that a part of a configuration names: they are such, and belong together. */
export function readPemFiles<Part extends string, Key extends FileKey>(
  options: PemOptions<Part, Key>,
): PemFiles<Part, Key> {
  const { part, keys, names, folder } = options;
  const files: Partial<Record<FileKey, string>> = {};
  const mistakes: { readonly path: readonly [Part, Key]; readonly message: string }[] = [];
  for (const key of keys) {
    const name = names?.[key];
    if (name === undefined) continue;
    const path = resolve(folder, name);
    const problem = read(path, key, files) ?? problemOf(part, key, files);
    if (problem !== undefined) mistakes.push({ path: [part, key], message: `${path} ${problem}` });
  }
  return { files, mistakes };
}

function read(path: string, key: FileKey, files: Partial<Record<FileKey, string>>): string | undefined {
  try {
    files[key] = readFileSync(path, 'utf8');
    return undefined;
  } catch (cause) {
    return `cannot be read: ${readProblem(cause)}`;
  }
}

/** What is wrong with a file; of a key also whether it belongs to the certificate. */
function problemOf(part: string, key: FileKey, files: Pems): string | undefined {
  if (key !== 'key') return certificateOf(files[key]) === undefined ? 'holds no PEM certificate' : undefined;
  const own = certificateOf(files.cert);
  try {
    const secret = createPrivateKey(files.key ?? '');
    const isOurs = own?.checkPrivateKey(secret) ?? true; // without a certificate that is the mistake
    return isOurs ? undefined : `is not the key of the certificate in ${part}.cert`;
  } catch {
    return 'holds no PEM key that can be read without a passphrase';
  }
}

function certificateOf(text = ''): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

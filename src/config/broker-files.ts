import { type PemFiles, type Pems, readPemFiles } from './pem-files.ts';
import type { Config } from './schema.ts';

const KEYS = ['ca', 'cert', 'key'] as const;
type FileKey = (typeof KEYS)[number];

/** What `mqtt.ca`, `mqtt.cert` and `mqtt.key` name, as PEM. */
export type BrokerFiles = Pems<FileKey>;

/** Reads the certificates and the key for a broker, and looks whether they are such and belong together. */
export function readBrokerFiles({ mqtt }: Pick<Config, 'mqtt'>, folder: string): PemFiles<'mqtt', FileKey> {
  return readPemFiles({ part: 'mqtt', keys: KEYS, names: mqtt, folder });
}

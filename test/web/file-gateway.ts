import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/core/log.ts';
import { startGateway } from '../../src/daemon/gateway.ts';

export interface FileGateway {
  /** Of the configuration, which the page writes. */
  readonly path: string;
  /** Of the page. */
  readonly url: string;
  /** Removes the file, too. */
  close(): Promise<void>;
}

/** A gateway of a configuration in a file of its own, which may be drawn into. */
export async function startFileGateway(config: string): Promise<FileGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-test-'));
  const path = join(folder, 'falconet.yaml');
  writeFileSync(path, config);
  const reread = () => loadConfig(path);
  const remove = () => rmSync(folder, { recursive: true });
  const starting = reread().then((loaded) =>
    startGateway({ loaded, reread, configFile: path, log: silentLog }),
  );
  starting.catch(remove);
  const gateway = await starting;
  return {
    path,
    url: gateway.dashboardUrl ?? '',
    async close() {
      await gateway.close();
      remove();
    },
  };
}

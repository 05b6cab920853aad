import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { startGateway } from '../daemon/gateway.ts';
import { createLogger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';

/** `falconet run`: the gateway of a configuration, until its cameras end or a signal comes. */
export function runCommand(): Command {
  return new Command('run')
    .description('run the gateway that a configuration describes')
    .argument('[config]', 'configuration file', 'falconet.yaml')
    .option('--json', 'log as JSON lines, also on a terminal')
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      const loaded = await loadConfig(path);
      const { secrets, config } = loaded;
      const log = createLogger({ level: config.log.level, secrets, ...(json && { readable: false }) });
      const gateway = await startGateway({ loaded, log });
      const forget = onStopSignal((signal) => {
        log.info({ signal }, 'stopping');
        void gateway.close();
      });
      await gateway.finished;
      await gateway.close();
      forget();
    });
}

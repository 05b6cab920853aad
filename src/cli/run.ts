import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { leavesBrokerOut } from '../config/unused-broker.ts';
import { type Gateway, startGateway } from '../daemon/gateway.ts';
import { createLogger } from '../daemon/logger.ts';
import { onHangup, onStopSignal } from '../daemon/signals.ts';
import { systemd } from '../daemon/systemd.ts';

/** `falconet run`: the gateway of a configuration, until its cameras end or a signal comes. */
export function runCommand(): Command {
  return new Command('run')
    .description('run the gateway that a configuration describes')
    .argument('[config]', 'configuration file', 'falconet.yaml')
    .option('--json', 'log as JSON lines, also on a terminal')
    .addHelpText('after', '\nSIGHUP reads the configuration again and changes only what differs.')
    .action(run);
}

async function run(path: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const secrets = new Set<string>();
  const read = async () => {
    const loaded = await loadConfig(path);
    for (const secret of loaded.secrets) secrets.add(secret);
    return loaded;
  };
  const loaded = await read();
  const log = createLogger({ level: loaded.config.log.level, secrets, ...(json && { readable: false }) });
  if (leavesBrokerOut(loaded.config)) {
    log.warn(
      { hint: 'Put `- type: mqtt` into sinks' },
      'mqtt names a broker, but sinks leaves it out: it hears nothing',
    );
  }
  const service = systemd({ environment: process.env, log });
  const starting = startGateway({
    loaded,
    log,
    secrets,
    reread: read,
    configFile: path,
    onReload: ({ config }) => log.setLevel(config.log.level),
    setLogLevel: (level) => log.setLevel(level),
  });
  const forgetHangup = onHangup({
    reload: () =>
      withGateway(async (gateway) => {
        service.reloading();
        await gateway.reload().finally(() => service.ready());
      }),
    stop: () => withGateway((gateway) => gateway.close()),
  });
  // From here on: a gateway that is stopped while it starts ends its events too.
  const forgetStop = onStopSignal((signal) => {
    log.info({ signal }, 'stopping');
    service.stopping();
    withGateway((gateway) => gateway.close());
  });
  function withGateway(act: (gateway: Gateway) => Promise<unknown>): void {
    starting.then(act).catch(() => {}); // a reload's failure is logged, a start's is the command's own
  }
  try {
    const gateway = await starting;
    service.ready();
    const { failed } = await gateway.finished;
    if (failed.length > 0) process.exitCode = 1; // why is in the log
    await gateway.close();
  } finally {
    forgetStop();
    forgetHangup();
    service.close();
    log.flush();
  }
}

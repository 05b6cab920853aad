import { Command } from 'commander';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { checkLabels } from '../daemon/check-labels.ts';
import { createLogger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';
import { ffmpegOf } from '../daemon/works.ts';
import { loadManifest } from '../detector/manifest.ts';
import { surveyEngines } from '../detector/survey-engines.ts';
import { createChildren } from '../ffmpeg/children.ts';
import { checkBroker } from './check/check-broker.ts';
import { type CameraReport, checkCameras } from './check/check-cameras.ts';
import { type CheckReport, checkJson, checkText, isGood } from './check/check-report.ts';
import { type Progress, progressOn } from './progress.ts';

/** `falconet check`: whether what a configuration describes would run here, and what would make it better. */
export function checkCommand(): Command {
  return new Command('check')
    .description('say whether a configuration is good, its cameras answer, and what would be faster')
    .argument('[config]', 'configuration file', 'falconet.yaml')
    .option('--json', 'one JSON object on stdout', false)
    .action(async (path: string, { json }: { json: boolean }) => {
      const loaded = await loadConfig(path);
      const progress = progressOn(process.stderr);
      const report = await check(path, loaded, progress).finally(() => progress.end());
      if (json) console.log(JSON.stringify(checkJson(report), null, 2));
      else for (const line of checkText(report)) console.log(line);
      if (!isGood(report)) process.exitCode = 1;
    });
}

async function check(path: string, loaded: LoadedConfig, progress: Progress): Promise<CheckReport> {
  const { config, folder, secrets } = loaded;
  const log = createLogger({ level: 'warn', secrets: [...secrets] });
  const ffmpeg = await ffmpegOf(loaded, log);
  progress.at(`loading ${config.model.path}`);
  const model = await loadManifest(config.model.path, folder);
  checkLabels(loaded, model.labels);
  const engines = await surveyEngines(model);
  progress.at('asking the broker');
  const broker = await checkBroker(loaded);
  const cameras = await askCameras(loaded, ffmpeg, progress);
  return { path, ffmpeg, model, wanted: config.model.engine, engines, broker, cameras };
}

async function askCameras(
  loaded: LoadedConfig,
  ffmpeg: CheckReport['ffmpeg'],
  progress: Progress,
): Promise<CameraReport[]> {
  const children = createChildren();
  const forget = onStopSignal((signal) => {
    void children.closeAll().then(() => process.kill(process.pid, signal));
  });
  let started = 0;
  const onStart = (name: string, questions: number): void => {
    progress.at(`asking ${name}, ${++started} of ${questions}`);
  };
  try {
    return await checkCameras({ loaded, ffmpeg, children, onStart });
  } finally {
    forget();
  }
}

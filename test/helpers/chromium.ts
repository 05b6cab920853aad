import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** Debian's names first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of a Chromium on this machine, or undefined where there is none. */
export const chromiumPath: string | undefined = NAMES.find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/** A browser without a window that asks nobody but those it is sent to. */
export function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('expected a Chromium on PATH');
  return chromium.launch({
    executablePath: spawnSync('which', [chromiumPath], { encoding: 'utf8' }).stdout.trim(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
}

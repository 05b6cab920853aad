import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';

/** Of the built page. */
export const pageFolder = join(packageRoot, 'dist/page');

const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;

/** A test that needs a browser. */
export const inBrowser: ReturnType<typeof test.skipIf> = test.skipIf(isMissing);

/** Builds the page before the tests of a file, and has one browser for all of them. */
export function pageBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (isMissing) return;
    await buildPage();
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new TypeError('expected a browser');
    return browser;
  };
}

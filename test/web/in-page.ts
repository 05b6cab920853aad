import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

/** Where to leave pictures of the page, for the docs; without it none are taken. */
const PICTURES = process.env['FALCONET_PICTURES'];

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page, and what it asked others for. */
  readonly faults: string[];
}

/** A page of the dashboard at `url`, in English on a desk; what a test is about, it changes. */
export async function visit(
  browser: Browser,
  url: string,
  path = '',
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Visit> {
  const page = await browser.newPage({
    viewport: { width: 1_280, height: 800 },
    locale: 'en-GB',
    ...options,
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('blob:')) faults.push(request.url());
  });
  await page.goto(url + path);
  return { page, faults };
}

/** For the docs. */
export async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** What axe-core finds seriously wrong with the page as it is. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** The picture is there, and a box of a person on it. */
export async function untilPerson(page: Page): Promise<void> {
  await page
    .locator('.stage[aria-label*="person"], .stage[aria-label*="Person"]')
    .waitFor({ timeout: 60_000 });
}

export interface Dark {
  /** A person's box is drawn. */
  readonly hasBox: boolean;
  /** Share of dark pixels in the person's box, and in the rest of the picture. */
  readonly inside: number;
  readonly outside: number;
}

/**
 * How dark the picture on the page is in the person's box, and outside of it. The person of the bundled clip wears
 * black, on a bright floor before a bright wall; the dark thing at the left edge is left out.
 *
 * @param what - a selector of what shows the picture.
 */
export function darkAt(page: Page, what: '.stage canvas' | '.stage video'): Promise<Dark> {
  return page.evaluate(`(() => {
    const shown = document.querySelector(${JSON.stringify(what)});
    const overlay = document.querySelector('.stage .overlay');
    const box = overlay.getContext('2d').getImageData(0, 0, overlay.width, overlay.height);
    const canvas = new OffscreenCanvas(shown.videoWidth ?? shown.width, shown.videoHeight ?? shown.height);
    const context = canvas.getContext('2d');
    context.drawImage(shown, 0, 0);
    const seen = context.getImageData(0, 0, canvas.width, canvas.height);
    let [left, top, right, bottom] = [1, 1, 0, 0];
    for (let y = 0; y < box.height; y++) for (let x = 0; x < box.width; x++) {
      const i = (y * box.width + x) * 4;
      const [r, g, b] = [box.data[i], box.data[i + 1], box.data[i + 2]];
      if (!(b > 200 && r < 110 && g > 100)) continue; // the blue of a person's box
      left = Math.min(left, x / box.width); right = Math.max(right, x / box.width);
      top = Math.min(top, y / box.height); bottom = Math.max(bottom, y / box.height);
    }
    const inside = { all: 0, dark: 0 }, outside = { all: 0, dark: 0 };
    for (let y = 0; y < seen.height; y++) for (let x = seen.width * 0.2 | 0; x < seen.width; x++) {
      const i = (y * seen.width + x) * 4;
      const u = x / seen.width, v = y / seen.height;
      const part = u > left && u < right && v > top && v < bottom ? inside : outside;
      part.all++;
      if (seen.data[i] + seen.data[i + 1] + seen.data[i + 2] < 150) part.dark++;
    }
    return { hasBox: right > left, inside: inside.dark / (inside.all || 1), outside: outside.dark / outside.all };
  })()`);
}

/** The same, of the first moment in which a box is drawn: people come and go. */
export async function darkAtBox(page: Page, what: Parameters<typeof darkAt>[1]): Promise<Dark> {
  for (;;) {
    const dark = await darkAt(page, what);
    if (dark.hasBox) return dark;
  }
}

import type { Locator, Page } from 'playwright-core';

/** Where the nodes are put, from the upper left corner of the canvas. */
const PLACES = { 'falconet-camera-in': 120, 'falconet-detect': 320, 'falconet-preview': 520 } as const;
const Y = 140;

/**
 * Does by mouse and keyboard what someone does who has just installed the nodes: three of them from the palette, wired,
 * with a camera and a model as their dialogs propose them, and Deploy. Settles when the picture with its boxes is there.
 *
 * @returns how long that took from the first look at the editor, s.
 */
export async function asNewUser(page: Page, editor: string): Promise<number> {
  await page.goto(editor);
  await page
    .locator('.red-ui-palette-node[data-palette-type="falconet-preview"]')
    .waitFor({ timeout: 60_000 });
  const began = performance.now();
  for (const type of Object.keys(PLACES) as (keyof typeof PLACES)[]) await place(page, type);
  await wire(page, 'falconet-camera-in', 'falconet-detect');
  await wire(page, 'falconet-detect', 'falconet-preview');
  await choose(page, 'falconet-camera-in', 'camera', 'room');
  await choose(page, 'falconet-detect', 'model', '');
  await page.click('#red-ui-header-button-deploy');
  await page.locator('image.falconet-preview').waitFor({ timeout: 60_000 });
  return (performance.now() - began) / 1_000;
}

async function place(page: Page, type: keyof typeof PLACES): Promise<void> {
  const inPalette = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  await inPalette.scrollIntoViewIfNeeded();
  await inPalette.dragTo(page.locator('#red-ui-workspace-chart'), {
    targetPosition: { x: PLACES[type], y: Y },
  });
  await (await nodeOf(page, type)).waitFor();
}

async function wire(page: Page, from: string, to: string): Promise<void> {
  const output = (await nodeOf(page, from)).locator('.red-ui-flow-port-output .red-ui-flow-port').first();
  const input = (await nodeOf(page, to)).locator('.red-ui-flow-port-input .red-ui-flow-port');
  await output.hover();
  await page.mouse.down();
  const box = await input.boundingBox();
  if (box === null) throw new Error(`expected ${to} to have an input`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 15 });
  await page.mouse.up();
}

/** Opens a node and gives it a new configuration node, as its dialog proposes it but for a name. */
async function choose(page: Page, type: string, field: string, name: string): Promise<void> {
  await (await nodeOf(page, type)).locator('.red-ui-flow-node').dblclick();
  await page.click(`#node-input-btn-${field}-add`);
  await page.locator('#node-config-dialog-ok').waitFor();
  if (name !== '') await page.fill('#node-config-input-name', name);
  await page.click('#node-config-dialog-ok');
  await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
  await page.click('#node-dialog-ok');
  await page.locator('.red-ui-tray').first().waitFor({ state: 'detached' });
}

/** The only node of a type. */
async function nodeOf(page: Page, type: string): Promise<Locator> {
  const id = await page.evaluate(`RED.nodes.filterNodes({ type: ${JSON.stringify(type)} })[0]?.id`);
  return page.locator(`[id="${String(id)}"]`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page, Request } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MIGRATIONS } from '../../nodes/gateway/migrations.ts';
import { migrated } from '../../nodes/lib/migrate.ts';
import { flowFromConfig } from '../../src/config/flow/to-flow.ts';
import { chromiumPath, startChromium } from '../helpers/chromium.ts';
import { CAMERA, cameraIn, detect, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

/** Where to leave pictures of the dialogs, for the docs; without it none are taken. */
const PICTURES = process.env['FALCONET_PICTURES'];
const isMissing = chromiumPath === undefined && process.env['FALCONET_SKIP_NOTHING'] === undefined;

// A browser beside Node-RED and an engine has little of two cores.
vi.setConfig({ testTimeout: 120_000 });

let red: TestNodeRed;
let browser: Browser;
let page: Page;

/** As `falconet import` brings them, with what no dialog shows. */
const WRITTEN = {
  labels: {
    person: { score: 0.5, zones: ['gate'], schedule: '22:00-06:00', min_area: 0.01, cooldown: '30s' },
    dog: { max_speed: 3 },
  },
  zones: {
    gate: {
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      crowd: { count: 4 },
    },
  },
  lines: { kerb: { from: [0, 0.5], to: [1, 0.5], labels: ['person'] } },
  masks: { object: [], motion: [] },
  cooldown: '1m',
};

const FLOW: FlowNode[] = [
  TAB,
  CAMERA,
  MODEL,
  cameraIn({ x: 120, y: 100, wires: [['d1'], ['tr1']] }),
  detect({ x: 300, y: 80, wires: [['tr1', 'p1']] }),
  node('p1', 'falconet-preview', { width: '320', rate: '2', version: 1, x: 480, y: 180, wires: [] }),
  node('tr1', 'falconet-track', {
    ...{ gateway: 'home', gatewayNode: 'g1', rules: {}, version: 2 },
    ...{ x: 480, y: 100, wires: [['seen', 'mo1', 'fo1'], ['mo1']] },
  }),
  {
    id: 'g1',
    type: 'falconet-gateway',
    name: 'home',
    broker: 'b1',
    baseTopic: 'falconet',
    folder: '',
    ...{ homeassistant: false, eventsDays: '', eventsGb: '', outboxHours: '', version: 2 },
  },
  { id: 'g0', type: 'falconet-gateway', name: 'old', broker: '', baseTopic: 'old', folder: '', version: 1 },
  {
    ...{ id: 'b1', type: 'falconet-broker', name: '', url: 'mqtts://127.0.0.1:1', protocol: 'auto' },
    ...{ clientId: '', ca: '', cert: '', key: '', serverName: '', verify: true, version: 1 },
  },
  node('mo1', 'falconet-mqtt-out', { gateway: 'g1', version: 1, x: 680, y: 160, wires: [] }),
  node('fo1', 'falconet-file-out', {
    path: 'events.jsonl',
    images: false,
    version: 1,
    x: 680,
    y: 220,
    wires: [],
  }),
  node('do1', 'falconet-dashboard-out', {
    ...{ gateway: 'g1', listen: '127.0.0.1:0', cert: '', key: '', frameAncestors: '', version: 1 },
    ...{ x: 680, y: 280, wires: [] },
  }),
  node('tr2', 'falconet-track', {
    ...{ gateway: 'home', gatewayNode: '', rules: WRITTEN, version: 2, x: 480, y: 280, wires: [[], [], []] },
  }),
  node('seen', 'debug', { name: 'events', active: true, complete: 'payload', x: 660, y: 100, wires: [] }),
];

const inEditor = test.skipIf(isMissing);

beforeAll(async () => {
  if (isMissing) return;
  red = await startNodeRed();
  await red.deploy(FLOW);
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(`${red.url}/admin/`);
  await page.locator('#red-ui-workspace-chart .red-ui-flow-node').first().waitFor({ timeout: 30_000 });
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await red?.close();
});

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function edit(id: string): Promise<void> {
  await page.locator('.red-ui-tray').first().waitFor({ state: 'detached' });
  await page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`);
  await page.locator('#node-dialog-ok').waitFor();
}

/** A configuration node's dialog, once the one before has gone. */
async function editConfig(type: string, id: string): Promise<void> {
  await page.locator('.red-ui-tray').first().waitFor({ state: 'detached' });
  await page.evaluate(`RED.editor.editConfig("", ${JSON.stringify(type)}, ${JSON.stringify(id)})`);
  await page.locator('#node-config-input-name').waitFor();
}

/** What axe-core finds wrong with the dialog that is open, as far as it is ours. */
async function serious(): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = `axe.run('.red-ui-tray-body form', { resultTypes: ['violations'] })`;
  const { violations } = (await page.evaluate(run)) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
    .filter((fault) => !fault.includes('red-ui-trap')); // Node-RED puts these into every dialog
}

inEditor('a zone is drawn on the picture of the camera, by mouse and by keyboard, and deployed', async () => {
  await edit('tr1');
  await page.fill('#falconet-track-labels', 'person 0.5');
  await page.click('#falconet-track-still');
  await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });

  await page.getByRole('button', { name: '+ zone' }).click();
  await page.fill('#falconet-shape-name', 'door');
  await page.locator('#falconet-shape-name').blur();
  const corner = page.locator('.falconet-board circle').first();
  const board = await page.locator('.falconet-board').boundingBox();
  if (board === null) throw new Error('expected a board');
  await corner.hover();
  await page.mouse.down();
  await page.mouse.move(board.x + 0.1 * board.width, board.y + 0.2 * board.height, { steps: 4 });
  await page.mouse.up();
  await page.locator('.falconet-board circle').nth(1).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.mouse.click(board.x + 0.5 * board.width, board.y + 0.95 * board.height);
  expect(await page.locator('.falconet-board circle').count()).toBe(5);
  await picture('track');
  expect(await serious()).toEqual([]);

  await page.click('#node-dialog-ok');
  await page.click('#red-ui-header-button-deploy');
  const zone = async () => {
    const flows = (await (await red.get('flows')).json()) as FlowNode[];
    const track = flows.find(({ id }) => id === 'tr1');
    return (track?.['rules'] as { zones?: Record<string, { polygon: number[][] }> } | undefined)?.zones?.[
      'door'
    ];
  };
  await expect.poll(zone, { timeout: 10_000 }).toBeDefined();
  const { polygon = [] } = (await zone()) ?? {};
  expect(polygon).toHaveLength(5);
  expect(polygon[0]?.[0]).toBeCloseTo(0.1, 1);
  expect(polygon[0]?.[1]).toBeCloseTo(0.2, 1);
  expect(polygon[1]).toEqual([0.75, 0.5]);
});

/** Of the other track, in the editor. */
async function rulesInEditor(): Promise<unknown> {
  return JSON.parse(await page.evaluate('JSON.stringify(RED.nodes.node("tr2").rules)'));
}

inEditor('the dialog of a track keeps what it does not show of each label', async () => {
  await edit('tr2');
  await page.click('#node-dialog-ok');
  await page.locator('.red-ui-tray').first().waitFor({ state: 'detached' });
  expect(await rulesInEditor()).toEqual(WRITTEN);

  await edit('tr2');
  await page.fill('#falconet-track-labels', 'person 0.6, typ2, Fußgänger .3');
  await page.click('#node-dialog-ok');
  const { person } = WRITTEN.labels;
  const labels = { person: { ...person, score: 0.6 }, typ2: {}, Fußgänger: { score: 0.3 } };
  await expect.poll(rulesInEditor).toEqual({ ...WRITTEN, labels });
});

inEditor('labels that cannot be read are marked, with what is expected, and change nothing', async () => {
  const before = await rulesInEditor();
  await edit('tr2');
  const wrong = page.locator('#falconet-track-labels-wrong');
  for (const text of ['person 0,5', 'person: 0.5', 'person 60', 'person 0.5.1', 'person 0.05']) {
    await page.fill('#falconet-track-labels', 'person 0.5');
    expect(await wrong.textContent(), text).toBe('');
    await page.fill('#falconet-track-labels', text);
    expect(await wrong.textContent(), text).toContain('person 0.5, car');
    expect(await page.getAttribute('#falconet-track-labels', 'class'), text).toContain('input-error');
  }
  expect(await serious()).toEqual([]);
  await page.click('#node-dialog-ok');
  await page.locator('.red-ui-tray').first().waitFor({ state: 'detached' });
  expect(await rulesInEditor()).toEqual(before);
});

inEditor('with what was drawn, the demo clip gives events', async () => {
  const { msg } = await red.deliveries.waitFor(
    ({ to, msg }) => to === 'seen' && (msg['payload'] as { type?: string }).type === 'new',
    30_000,
  );
  expect(msg).toMatchObject({ topic: 'room', payload: { camera: 'room', label: 'person', gateway: 'home' } });
  expect(Buffer.isBuffer(msg['image'])).toBe(true);
  await picture('flow');
});

inEditor(
  'the preview shows the camera with its boxes while its tab is open, and is asked for nothing when it is not',
  async () => {
    const image = page.locator('[id="p1"] > image.falconet-preview');
    await image.waitFor({ timeout: 30_000 });
    const first = await image.getAttribute('href');
    expect(first).toMatch(/^data:image[/]jpeg;base64,/);
    await expect.poll(() => image.getAttribute('href'), { timeout: 20_000 }).not.toBe(first);
    const box = await image.boundingBox();
    expect(box?.width).toBe(320);
    await picture('preview');

    red.forget();
    await page.evaluate('RED.workspaces.add()');
    await image.waitFor({ state: 'detached' });
    const asked: string[] = [];
    const note = (request: Request) => {
      if (request.url().includes('falconet/preview/')) asked.push(request.url());
    };
    page.on('request', note);
    // Twelve seconds without a question: then the badge says that nobody looks.
    await red.statuses.waitFor(({ node, text }) => node === 'p1' && text.endsWith('.unwatched'), 30_000);
    expect(asked).toEqual([]);
    await page.evaluate('RED.workspaces.show("t1")');
    await image.waitFor();
    expect(asked).not.toEqual([]);
    page.off('request', note);
  },
);

inEditor(
  'the Test button of the camera shows its picture, and what is drawn on it is hidden from all that sees it',
  async () => {
    await editConfig('falconet-camera', 'c1');
    await page.click('#falconet-camera-test');
    await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });
    expect(await page.textContent('#falconet-camera-said')).toContain('h264, 640×360');
    await page.getByRole('button', { name: '+ mask' }).click();
    await picture('camera');
    expect(await serious()).toEqual([]);
    await page.click('#node-config-dialog-ok');
    await page.click('#red-ui-header-button-deploy');
    const privacy = async () => {
      const flows = (await (await red.get('flows')).json()) as FlowNode[];
      return flows.find(({ id }) => id === 'c1')?.['privacy'];
    };
    await expect.poll(privacy, { timeout: 10_000 }).toHaveLength(1);
    const image = page.locator('[id="p1"] > image.falconet-preview');
    // Of most pixels: a black area may be taken for a television, whose box is drawn there.
    const brightness = async () => {
      const jpeg = Buffer.from((await image.getAttribute('href'))?.split(',')[1] ?? '', 'base64');
      const { width, height } = await sharp(jpeg).metadata();
      const hidden = { left: Math.ceil(0.77 * width), top: Math.ceil(0.07 * height) };
      const size = { width: Math.floor(0.16 * width), height: Math.floor(0.16 * height) };
      const shown = sharp(jpeg).extract({ ...hidden, ...size });
      const grey = (await shown.greyscale().raw().toBuffer()).toSorted((x, y) => x - y);
      return grey[Math.floor(grey.length / 2)];
    };
    await expect.poll(brightness, { timeout: 20_000 }).toBeLessThan(40);
  },
);

inEditor(
  'the picture that a track is drawn on hides what the camera hides, and is asked for once',
  async () => {
    await edit('tr1');
    const asked = page.waitForRequest('**/falconet/camera/still');
    await page.click('#falconet-track-still');
    expect(await page.isDisabled('#falconet-track-still')).toBe(true);
    expect((await asked).postDataJSON()).toMatchObject({ id: 'c1', privacy: [expect.any(Array)] });
    await page.locator('.falconet-picture[src]').waitFor({ timeout: 30_000 });
    await expect.poll(() => page.isDisabled('#falconet-track-still')).toBe(false);
    await page.click('#node-dialog-cancel');
  },
);

inEditor.each([
  ['falconet-gateway', 'g1'],
  ['falconet-broker', 'b1'],
  ['falconet-model', 'm1'],
])('the dialog of a %s keeps nobody out', async (type, id) => {
  await editConfig(type, id);
  await picture(type);
  expect(await serious()).toEqual([]);
  await page.click('#node-config-dialog-cancel');
});

inEditor('a flow of falconet import brings its passwords along, as names of the environment', async () => {
  const { flow } = flowFromConfig({
    cameras: { shed: { source: 'rtsp://10.0.0.5/sub', username: 'viewer', password: '${SHED_PASSWORD}' } },
  });
  const camera = flow.find(({ type }) => type === 'falconet-camera');
  await page.evaluate(`RED.view.importNodes(${JSON.stringify(flow)}, { generateIds: false })`);
  await page.click('#red-ui-header-button-deploy');
  const credentials = async () => (await red.get(`credentials/falconet-camera/${camera?.id}`)).json();
  await expect.poll(credentials, { timeout: 10_000 }).toEqual({ username: 'viewer', has_password: true });
  const tracks = async () => {
    const flows = (await (await red.get('flows')).json()) as FlowNode[];
    return flows.filter(({ type }) => type === 'falconet-track').length;
  };
  await expect.poll(tracks, { timeout: 10_000 }).toBe(3);
});

inEditor.each(['in1', 'd1', 'p1', 'mo1', 'fo1', 'do1'])('the dialog of %s keeps nobody out', async (id) => {
  await edit(id);
  await picture(id);
  expect(await serious()).toEqual([]);
  await page.click('#node-dialog-cancel');
});

inEditor('what is set in the dialog of a gateway that an older Falconet saved is in force', async () => {
  await editConfig('falconet-gateway', 'g0');
  await page.check('#node-config-input-homeassistant');
  await page.fill('#node-config-input-outboxHours', '12');
  await page.click('#node-config-dialog-ok');
  await page.click('#red-ui-header-button-deploy');
  const saved = async () => {
    const flows = (await (await red.get('flows')).json()) as FlowNode[];
    return flows.find(({ id }) => id === 'g0');
  };
  await expect.poll(saved, { timeout: 10_000 }).toMatchObject({ homeassistant: true });
  const inForce = migrated(((await saved()) ?? {}) as never, MIGRATIONS);
  expect(inForce).toMatchObject({ homeassistant: true, outboxHours: '12', eventsDays: '' });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { falconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

// Each starts the command once or twice, with an engine: a second when the machine has nothing else to do.
vi.setConfig({ testTimeout: 120_000 });

/** Of the photograph: 300 x 300, a cat that fills it. */
const catFile = join(packageRoot, 'examples/media/cat.jpg');
/** No square, so that its size tells which side is up. */
const WIDTH = 300;
const HEIGHT = 260;
const catBox = [7, 0, 288, 259];

test('a model is measured on pictures of every kind, and what is wrong with them is told', async () => {
  const folder = tempFolder();
  const written = await writePictures(join(folder, 'images'));
  const images = [...written, { name: 'missing.jpg', width: WIDTH, height: HEIGHT, bbox: catBox }];
  writeFileSync(
    join(folder, 'annotations.json'),
    JSON.stringify({
      categories: [
        { id: 1, name: 'cat' },
        { id: 2, name: 'unicorn' },
      ],
      images: images.map(({ name, width, height }, id) => ({ id, file_name: name, width, height })),
      annotations: [
        ...images.map(({ bbox }, id) => ({ image_id: id, category_id: 1, bbox })),
        { image_id: 0, category_id: 2, bbox: [0, 0, 5, 5] },
      ],
    }),
  );
  const { exitCode, stdout, stderr } = await falconet(['eval', '--data', folder, '--json']);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    model: 'tiny-ssd',
    pictures: written.length,
    objects: written.length,
    ap50: expect.closeTo(1, 9),
  });
  expect(report.classes.cat).toMatchObject({ objects: written.length, ap50_11_point: expect.closeTo(1, 9) });
  expect(report.classes.dog).toMatchObject({ objects: 0, ap50: null });
  expect(report.coco.large.ap50).toBeCloseTo(1, 9);
  const faults = Object.fromEntries(
    report.faults.map(({ kind, examples }: { kind: string; examples: string[] }) => [kind, examples]),
  );
  expect(faults).toEqual({
    'class-unknown': ['unicorn'],
    'picture-turned': [join(folder, 'images/turned-as-stored.jpg')],
    'picture-size': [join(folder, 'images/half.jpg')],
    'picture-unreadable': [join(folder, 'images/missing.jpg')],
  });
  expect(stderr).toContain(
    `pictures that cannot be read, left out: 1 (${join(folder, 'images/missing.jpg')})`,
  );
  expect(exitCode).toBe(1); // the figures are of fewer pictures than asked for
});

test("VOC's own folder layout is read, and what was judged can be judged again", async () => {
  const folder = tempFolder();
  for (const part of ['Annotations', 'JPEGImages', 'ImageSets/Main'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'ImageSets/Main/test.txt'), '000001\n000002\n');
  writeFileSync(join(folder, 'ImageSets/Main/cat_test.txt'), '000001  1\n000002 -1\n');
  for (const [name, objects] of [
    ['000001', vocObject('cat', 0)],
    ['000002', vocObject('cat', 1) + vocObject('dog', 0)],
    ['000003', 'not in the set'],
  ] as const) {
    await photograph().toFile(join(folder, `JPEGImages/${name}.jpg`));
    writeFileSync(join(folder, `Annotations/${name}.xml`), `<annotation>${objects}</annotation>`);
  }
  const [annotations, detections, picture] = ['a.json', 'd.json', 'curves.svg'].map((name) =>
    join(folder, name),
  );
  const args = ['--write-annotations', annotations, '--write-detections', detections, '--picture', picture];
  const first = await falconet(['eval', '--voc', folder, '--json', ...(args as string[])]);
  expect(first.stderr).toBe('');
  expect(first.exitCode).toBe(0);
  const { pictures, objects, ap50, coco, classes } = JSON.parse(first.stdout);
  expect({ pictures, objects, cat: classes.cat, dog: classes.dog }).toMatchObject({
    ...{ pictures: 2, objects: 2 },
    cat: { objects: 1, ap50: 1 }, // the difficult one neither counts nor costs
    dog: { objects: 1 },
  });
  expect(readFileSync(picture as string, 'utf8')).toContain('cat 1.000');

  const again = await falconet([
    ...['eval', '--images', '.', '--annotations', annotations as string],
    ...['--detections', detections as string, '--json'],
  ]);
  expect(JSON.parse(again.stdout)).toMatchObject({ detections, pictures, objects, ap50, coco });
  expect(again.exitCode).toBe(0);
});

test('the table on a terminal has classes and sizes, and names of --only without a picture are told', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'images'));
  await photograph().toFile(join(folder, 'images/a.jpg'));
  const image = { id: 1, file_name: 'a.jpg', width: WIDTH, height: HEIGHT };
  const annotations = [{ image_id: 1, category_id: 1, bbox: catBox }];
  const categories = [{ id: 1, name: 'cat' }];
  writeFileSync(
    join(folder, 'annotations.json'),
    JSON.stringify({ categories, images: [image], annotations }),
  );
  writeFileSync(join(folder, 'only.json'), '["a.jpg", "b.jpg"]');
  const only = ['--only', join(folder, 'only.json')];
  const { exitCode, stdout, stderr } = await falconet(['eval', '--data', folder, ...only]);
  expect(stdout).toMatch(/^tiny-ssd on \S+ \S+: AP50 1\.0000 on 1 pictures, 1 objects$/m);
  expect(stdout).toMatch(/^cat +1 +1\.0000 +1\.0000 +\d\.\d{4}$/m);
  expect(stdout).toMatch(/^small, up to 32x32 pixels +0 +- +- +-$/m);
  expect(stderr).toContain('names to judge by that no picture has: 1 (b.jpg)');
  expect(exitCode).toBe(0);
});

test('the figures are told although a file cannot be written', async () => {
  const cwd = tempFolder();
  const image = { id: 1, file_name: 'a.jpg', width: 9, height: 9 };
  const annotation = { image_id: 1, category_id: 1, bbox: [1, 1, 4, 4] };
  const truth = { images: [image], categories: [{ id: 1, name: 'cat' }], annotations: [annotation] };
  writeFileSync(join(cwd, 'annotations.json'), JSON.stringify(truth));
  writeFileSync(join(cwd, 'found.json'), JSON.stringify([{ ...annotation, score: 1 }]));
  const args = ['--data', '.', '--detections', 'found.json', '--write-detections', 'nowhere/found.json'];
  const { exitCode, stdout, stderr } = await falconet(['eval', ...args], { cwd });
  expect(stdout).toContain('found.json: AP50 1.0000 on 1 pictures, 1 objects');
  expect(stderr).toContain('nowhere/found.json');
  expect(exitCode).toBe(1);
});

test.each([
  { name: 'nothing to judge by', args: [], exitCode: 2, says: 'Give --data FOLDER...' },
  {
    name: 'a picture of another kind',
    args: ['--voc', '.', '--picture', 'a.gif'],
    exitCode: 2,
    says: 'a.gif',
  },
  {
    name: 'no such folder',
    args: ['--data', '/nowhere'],
    exitCode: 1,
    says: '/nowhere/annotations.json: no such file',
  },
  { name: 'annotations without an object', args: ['--data', '.'], exitCode: 1, says: 'found none' },
])('$name gets one error that says what to do', async ({ args, exitCode, says }) => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'annotations.json'), '{"images": [], "categories": [], "annotations": []}');
  const finished = await falconet(['eval', ...args], { cwd });
  expect(finished.stderr).toContain(says);
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  expect(finished.stdout).toBe('');
  expect(finished.exitCode).toBe(exitCode);
});

function photograph(): Sharp {
  return sharp(catFile).extract({ left: 0, top: 0, width: WIDTH, height: HEIGHT }).jpeg({ quality: 95 });
}

interface Written {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bbox: readonly number[];
}

/** The cat as each kind of file, with its box as the annotations of such a file have it. */
async function writePictures(folder: string): Promise<Written[]> {
  mkdirSync(folder);
  const [x, y, width, height] = catBox as [number, number, number, number];
  const upright = { width: WIDTH, height: HEIGHT, bbox: catBox };
  // Turned to the left, which orientation 6 turns back.
  const turned = async () =>
    sharp(await photograph().toBuffer())
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .jpeg();
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const files: (Written & { readonly picture: Sharp })[] = [
    { name: 'plain.jpg', ...upright, picture: photograph() },
    { name: 'grey.jpg', ...upright, picture: photograph().greyscale().toColourspace('b-w') },
    { name: 'cmyk.jpg', ...upright, picture: photograph().toColourspace('cmyk') },
    {
      name: 'alpha.png',
      ...{ width: WIDTH + 20, height: HEIGHT, bbox: [x + 20, y, width, height] },
      picture: photograph().ensureAlpha().extend({ left: 20, background: clear }).png(),
    },
    { name: 'turned-as-seen.jpg', ...upright, picture: await turned() },
    {
      name: 'turned-as-stored.jpg',
      ...{ width: HEIGHT, height: WIDTH, bbox: [y, WIDTH - x - width, height, width] },
      picture: await turned(),
    },
    {
      name: 'half.jpg',
      ...upright,
      picture: sharp(await photograph().toBuffer()).resize(WIDTH / 2, HEIGHT / 2),
    },
  ];
  for (const { name, picture } of files) await picture.toFile(join(folder, name));
  return files;
}

function vocObject(name: string, difficult: 0 | 1): string {
  const [x, y, width, height] = catBox as [number, number, number, number];
  const sides = { xmin: x + 1, ymin: y + 1, xmax: x + width, ymax: y + height };
  const bndbox = Object.entries(sides).map(([side, value]) => `<${side}>${value}</${side}>`);
  return `<object><name>${name}</name><difficult>${difficult}</difficult><bndbox>${bndbox.join('')}</bndbox></object>`;
}

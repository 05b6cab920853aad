import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyNamed, readSources, type SourceOptions } from '../../../src/cli/eval/sources.ts';
import { Faults } from '../../../src/eval/faults.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const annotation = '<annotation><object><name>cat</name>BOX</object></annotation>'.replace(
  'BOX',
  '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox>',
);
const empty = JSON.stringify({ images: [], categories: [], annotations: [] });

test.each([
  { name: 'nothing', options: {} },
  { name: 'pictures without annotations', options: { images: '.' } },
  { name: 'annotations without pictures', options: { annotations: 'a.json' } },
  { name: 'two ways at once', options: { images: '.', annotations: 'a.json', voc: '.' } },
])('who gives $name is told what to give', async ({ options }) => {
  await expect(read(options)).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('--voc'),
  });
});

test.each([
  { name: 'no such folder', options: { data: ['none'] }, says: 'none/annotations.json: no such file' },
  { name: 'a damaged file', options: { data: ['good', 'damaged'] }, says: 'damaged/annotations.json: ' },
  { name: 'no VOC folder', options: { voc: 'none' }, says: 'none: expected a folder Annotations' },
  { name: 'a set that is not there', options: { voc: 'voc', set: 'exam' }, says: 'no set exam' },
  { name: 'an annotation that is missing', options: { voc: 'voc', set: 'val' }, says: '8.xml: no such file' },
  { name: 'a damaged annotation', options: { voc: 'voc', set: 'train' }, says: '9.xml: expected' },
])('$name is told by name', async ({ options, says }) => {
  const folder = writeFolders();
  const { data, voc, ...others } = options as Partial<SourceOptions>;
  const at = {
    ...others,
    ...(data !== undefined && { data: data.map((name) => join(folder, name)) }),
    ...(voc !== undefined && { voc: join(folder, voc) }),
  };
  await expect(read(at)).rejects.toMatchObject({
    code: 'ANNOTATIONS_INVALID',
    message: expect.stringContaining(says),
  });
});

test('which sets there are is told to who asks for another', async () => {
  const hint = 'Give --set one of train, trainval, val';
  await expect(read({ voc: join(writeFolders(), 'voc'), set: 'exam' })).rejects.toMatchObject({ hint });
});

test('a set of one class has its names in the first column', async () => {
  const { truths } = await read({ voc: join(writeFolders(), 'voc'), set: 'cat_val' });
  expect(truths.map(({ file }) => file)).toEqual([expect.stringMatching(/JPEGImages.7\.jpg$/)]);
});

test('a folder without sets, as annotation tools write it, is taken whole', async () => {
  const { truths, categories } = await read({ voc: join(writeFolders(), 'tool') });
  expect(truths).toMatchObject([
    { objects: [{ label: 'cat', box: [0, 0, 9, 9] }], exhaustive: new Set(['cat']) },
  ]);
  expect(categories).toEqual([{ id: 1, label: 'cat' }]);
});

test('only the pictures of a list are judged by, and a name that is no text is refused', async () => {
  const folder = writeFolders();
  const truth = await read({ voc: join(folder, 'tool') });
  const list = join(folder, 'only.json');
  const faults = new Faults();
  writeFileSync(list, '["1.jpg", "2.jpg"]');
  expect((await onlyNamed(truth, list, faults)).truths).toHaveLength(1);
  expect(faults.list()).toMatchObject([{ kind: 'name-unknown', count: 1, examples: ['2.jpg'] }]);
  writeFileSync(list, '["1.jpg", 2]');
  await expect(onlyNamed(truth, list, faults)).rejects.toThrow('only.json: [1]: expected a text, got 2');
});

function read(options: Partial<SourceOptions>) {
  return readSources({ set: 'test', ...options }, [], new Faults());
}

function writeFolders(): string {
  const folder = tempFolder();
  const files = {
    'good/annotations.json': empty,
    'damaged/annotations.json': '{"images": [',
    'voc/ImageSets/Main/trainval.txt': '7\n8\n',
    'voc/ImageSets/Main/val.txt': '7\n8\n',
    'voc/ImageSets/Main/train.txt': '9\n',
    'voc/ImageSets/Main/cat_val.txt': '7  1\n',
    'voc/Annotations/7.xml': annotation,
    'voc/Annotations/9.xml': annotation.slice(0, -9),
    'tool/Annotations/1.xml': annotation,
    'tool/Annotations/notes.txt': '',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

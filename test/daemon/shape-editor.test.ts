import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ShapeEditor } from '../../src/core/shape-editor.ts';
import { shapeEditor } from '../../src/daemon/shape-editor.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CONFIG = 'cameras:\n  drive:\n    source: rtsp://10.0.0.5/sub # the sub-stream\n';
const LINES = { kerb: { from: [0, 0.8], to: [1, 0.8] } };

function aFile(text = CONFIG): string {
  const path = join(tempFolder(), 'falconet.yaml');
  writeFileSync(path, text);
  return path;
}

async function draw(editor: ShapeEditor): Promise<void> {
  const { version } = await editor.read('drive');
  await editor.write('drive', { shapes: { lines: LINES }, version });
}

const drawn = expect.stringContaining('kerb');

test('the file keeps its permissions, whatever those of new files are, and nothing is left beside it', async () => {
  const path = aFile();
  chmodSync(path, 0o666);
  await draw(shapeEditor({ path, reload: async () => {} }));
  expect(readFileSync(path, 'utf8')).toEqual(drawn);
  expect(statSync(path).mode & 0o777).toBe(0o666);
  expect(readdirSync(join(path, '..'))).toEqual(['falconet.yaml']);
});

test('a configuration that is a link stays one, and a link laid beside it is not written through', async () => {
  const [path, other] = [aFile(), aFile('of somebody else')];
  const link = join(tempFolder(), 'falconet.yaml');
  symlinkSync(path, link);
  symlinkSync(other, `${path}.${process.pid}.new`);
  await draw(shapeEditor({ path: link, reload: async () => {} }));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(lstatSync(path).isFile()).toBe(true);
  expect(readFileSync(path, 'utf8')).toEqual(drawn);
  expect(readFileSync(other, 'utf8')).toBe('of somebody else');
});

test('what the gateway does not take is not in the file', async () => {
  const path = aFile();
  const reload = () => Promise.reject(new Error('expected another zone'));
  await expect(draw(shapeEditor({ path, reload }))).rejects.toThrow('expected another zone');
  expect(readFileSync(path, 'utf8')).toBe(CONFIG);
});

test('what somebody wrote into the file while the gateway refused it stays', async () => {
  const path = aFile();
  const reload = async () => {
    writeFileSync(path, `${CONFIG}    name: Street\n`);
    throw new Error('expected another zone');
  };
  await expect(draw(shapeEditor({ path, reload }))).rejects.toThrow('expected another zone');
  expect(readFileSync(path, 'utf8')).toBe(`${CONFIG}    name: Street\n`);
});

test('a file that cannot be written is told in words', async () => {
  const path = aFile();
  mkdirSync(`${path}.${process.pid}.new`);
  await expect(draw(shapeEditor({ path, reload: async () => {} }))).rejects.toMatchObject({
    code: 'REQUEST_REFUSED',
    message: expect.stringContaining('cannot be written'),
  });
  expect(readFileSync(path, 'utf8')).toBe(CONFIG);
});

test.each([
  { name: 'that somebody broke meanwhile', text: `${CONFIG}broken: [` },
  { name: 'without the camera', text: 'cameras: {}\n' },
])('a file $name is refused in words', async ({ text }) => {
  const editor = shapeEditor({ path: aFile(text), reload: async () => {} });
  await expect(draw(editor)).rejects.toMatchObject({ code: 'REQUEST_REFUSED' });
});

test('a file that is gone is told as such', async () => {
  const editor = shapeEditor({ path: join(tempFolder(), 'none.yaml'), reload: async () => {} });
  await expect(editor.read('drive')).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
});

test.each(['${HOME}', 'a ${file:/etc/hostname}'])(
  'who may draw learns nothing of what stands outside the configuration: %s',
  async (text) => {
    const path = aFile();
    const editor = shapeEditor({ path, reload: async () => {} });
    const { version } = await editor.read('drive');
    const shapes = { lines: { kerb: { ...LINES.kerb, labels: [text] } } };
    await expect(editor.write('drive', { shapes, version })).rejects.toMatchObject({
      code: 'REQUEST_REFUSED',
    });
    expect(readFileSync(path, 'utf8')).toBe(CONFIG);
  },
);

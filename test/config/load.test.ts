import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { loadConfig, type ParseOptions, parseConfig } from '../../src/config/load.ts';
import { FalconetError } from '../../src/core/error.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const MINIMAL = 'cameras:\n  drive:\n    source: rtsp://10.0.0.5/sub\n';

function parse(text: string, options: Partial<ParseOptions> = {}) {
  return parseConfig(text, { name: 'falconet.yaml', folder: '/etc/falconet', environment: {}, ...options });
}

function failure(text: string, options: Partial<ParseOptions> = {}): FalconetError {
  try {
    parse(text, options);
  } catch (error) {
    if (error instanceof FalconetError) return error;
    throw error;
  }
  throw new Error('expected mistakes, found none');
}

function issues(text: string, options: Partial<ParseOptions> = {}): ConfigIssue[] {
  return failure(text, options).facts['issues'] as ConfigIssue[];
}

describe('defaults', () => {
  test('one camera is a whole configuration', () => {
    const { config } = parse(MINIMAL);
    expect(config).toMatchObject({
      gateway: 'home',
      model: { path: 'tiny-ssd', engine: 'auto', processes: 'auto' },
      cameras: { drive: { fps: 5 } },
      log: { level: 'info' },
    });
  });

  test('a relative file is looked for beside the configuration', () => {
    const { sources } = parse('cameras:\n  clip: { source: clips/a.mp4, loop: true }\n');
    expect(sources.get('clip')).toEqual({
      kind: 'file',
      path: '/etc/falconet/clips/a.mp4',
      pace: 'real-time',
      loop: true,
    });
  });
});

describe('mistakes', () => {
  test('all are told at once, each with its line, in the order of the file', () => {
    const found = issues(
      [
        'gateway: My House',
        'cameras:',
        '  porch:',
        '    source: ftp://10.0.0.5/x',
        '    fps: 60',
        '    fsp: 5',
        '  drive:',
        '    fps: 5',
        'model: { engine: gpu }',
      ].join('\n'),
    );
    expect(found.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 gateway',
      '5 cameras.porch.fps',
      '6 cameras.porch.fsp',
      '7 cameras.drive.source',
      '9 model.engine',
    ]);
    expect(found.map(({ message }) => message)).toEqual([
      'expected 1 to 40 of a-z, 0-9, _ and -',
      'expected at most 30, got 60',
      'unknown key, did you mean fps?',
      'expected a text, got nothing',
      'expected one of auto, onnx, wasm, tfjs, got a text',
    ]);
  });

  test.each([
    { name: 'an empty file', text: '', expected: ['cameras: expected a block of keys, got nothing'] },
    { name: 'no camera', text: 'cameras: {}', expected: ['cameras: expected at least one camera'] },
    {
      name: 'a key twice',
      text: `${MINIMAL}gateway: a\ngateway: b\n`,
      expected: ['Map keys must be unique'],
    },
    {
      name: 'a scheme that is not taken',
      text: 'cameras: { a: { source: "ftp://x/y" } }',
      expected: [
        'cameras.a.source: expected rtsp://, rtsps://, http://, https://, v4l2: or a file, got ftp://',
      ],
    },
    {
      name: 'a name that is no key',
      text: 'cameras: { "Front Door": { source: a.mp4 } }',
      expected: ['cameras.Front Door: expected 1 to 40 of a-z, 0-9, _ and -'],
    },
    {
      name: 'an mqtt sink without a broker',
      text: `${MINIMAL}sinks: [{ type: mqtt }]`,
      expected: ['sinks: expected mqtt.url for the mqtt sink'],
    },
    {
      name: 'a sink that does not exist',
      text: `${MINIMAL}sinks: [{ type: carrier-pigeon }]`,
      expected: ['sinks.0.type: expected a known type'],
    },
    {
      name: 'a number of a camera whose name looks like that of a secret',
      text: 'cameras: { passage: { source: a.mp4, fps: 60 } }',
      expected: ['cameras.passage.fps: expected at most 30, got 60'],
    },
    {
      name: 'a password of digits',
      text: 'cameras: { passage: { source: "rtsp://h/s", username: u, password: 4711 } }',
      expected: ['cameras.passage.password: expected a text, got a number (a text of digits goes in quotes)'],
    },
    {
      name: 'a clip that would be over before its event begins',
      text: 'cameras: { a: { source: "rtsp://h/s", clips: { before: 100 } } }',
      expected: ['cameras.a.clips.before: expected less than longest, 60'],
    },
    {
      name: 'a password without a user',
      text: 'cameras: { a: { source: "rtsp://h/s", password: x } }',
      expected: ['cameras.a.username: expected a username beside the password'],
    },
  ])('$name', ({ text, expected }) => {
    const found = issues(text).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    expect(found).toEqual(expected);
  });

  test('a missing file is told with its name', async () => {
    await expect(loadConfig('/nowhere/falconet.yaml')).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      message: expect.stringContaining('/nowhere/falconet.yaml: no such file'),
    });
  });
});

describe('credentials', () => {
  test('${NAME} in a URL is percent-encoded, elsewhere taken as it is', () => {
    const { sources, config } = parse(
      'mqtt: { url: "mqtt://h", username: f, password: "${PW}" }\n' +
        'cameras: { a: { source: "rtsp://viewer:${PW}@10.0.0.5/s" } }\n',
      { environment: { PW: 'p@ss: "x"\n- y' } },
    );
    expect(config.mqtt?.password).toBe('p@ss: "x"\n- y');
    expect(sources.get('a')).toMatchObject({ url: 'rtsp://viewer:p%40ss%3A%20%22x%22%0A-%20y@10.0.0.5/s' });
  });

  test('beside the source they join its URL, and every form of them is known as a secret', () => {
    const { sources, secrets } = parse(
      'cameras: { a: { source: "rtsp://10.0.0.5/s", username: viewer, password: "p@ss" } }\n',
    );
    expect(sources.get('a')).toMatchObject({ url: 'rtsp://viewer:p%40ss@10.0.0.5/s' });
    expect(secrets).toEqual(
      expect.arrayContaining(['p@ss', 'p%40ss', Buffer.from('viewer:p@ss').toString('base64')]),
    );
  });

  test('a variable that is not set is a mistake with its line', () => {
    expect(issues('cameras:\n  a:\n    source: "rtsp://u:${NOT_SET}@h/s"\n')).toEqual([
      {
        path: 'cameras.a.source',
        line: 3,
        column: 5,
        message: 'expected the environment variable NOT_SET, it is not set',
      },
    ]);
  });

  test('${file:PATH} takes the text of a file beside the configuration, which is a secret from then on', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'drive password'), 'p@ss word\n');
    const { sources, secrets } = parse(
      'cameras: { a: { source: "rtsp://viewer:${file:drive password}@10.0.0.5/s" } }\n',
      { folder },
    );
    expect(sources.get('a')).toMatchObject({ url: 'rtsp://viewer:p%40ss%20word@10.0.0.5/s' });
    expect(secrets).toEqual(expect.arrayContaining(['p@ss word', 'p%40ss%20word']));
  });

  test('${file:PATH} in a URL is percent-encoded wherever the file is', () => {
    const file = join(tempFolder(), 'drive');
    writeFileSync(file, 'p@ss/w#rd');
    const { sources } = parse(`cameras: { a: { source: "rtsp://viewer:\${file:${file}}@10.0.0.5/s" } }\n`);
    expect(sources.get('a')).toMatchObject({ url: 'rtsp://viewer:p%40ss%2Fw%23rd@10.0.0.5/s' });
  });

  test.each([
    { name: 'is missing', path: 'nowhere', problem: 'no such file' },
    { name: 'is a folder', path: '.', problem: 'is a folder' },
    { name: 'is empty', path: 'empty', problem: 'is empty' },
    { name: 'is no secret but a whole book', path: 'book', problem: 'is too long for a secret' },
  ])('a file that $name is a mistake with its line', ({ path, problem }) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'book'), 'x'.repeat(20_000));
    const text = `${MINIMAL}    username: viewer\n    password: "\${file:${path}}"\n`;
    expect(issues(text, { folder })).toEqual([
      {
        path: 'cameras.drive.password',
        line: 5,
        column: 5,
        message: `expected a file with a secret at ${path}: ${problem}`,
      },
    ]);
  });

  test('a password in a query, and one that nobody percent-encoded, are known as secrets', () => {
    const { secrets } = parse(
      'mqtt: { url: "mqtt://u:we@ird/pw@10.0.0.4" }\n' +
        'cameras: { a: { source: "rtsp://10.0.0.5/s?user=u&password=qu%2Fery" } }\n',
    );
    expect(secrets).toEqual(expect.arrayContaining(['we@ird/pw', 'qu/ery', 'qu%2Fery']));
  });

  test.each([
    {
      name: 'in a level of the path, as with XMEye,',
      source: 'rtsp://10.0.0.5:554/user=admin_password=hunter2_channel=1_stream=0.sdp',
    },
    { name: 'in a path like a query', source: 'rtsp://10.0.0.5/user=admin&password=hunter2/ch0?audio=1' },
    { name: "in Foscam's query", source: 'http://cam/videostream.cgi?loginuse=admin&loginpas=hunter2' },
    { name: 'as pw', source: 'http://cam/video?u=admin&pw=hunter2' },
    { name: 'percent-encoded', source: 'http://cam/video?u=admin&pwd=hunte%722' },
  ])('a password $name is known as a secret, and nothing else of the address', ({ source }) => {
    const { secrets } = parse(`cameras: { a: { source: "${source}" } }\n`);
    expect(secrets).toContain('hunter2');
    expect(secrets).not.toContain('admin');
  });

  test('a value of one or two signs in an address is not taken out of every line', () => {
    expect(parse('cameras: { a: { source: "http://cam/video?auth=1&pw=ab" } }\n').secrets).toEqual([]);
  });

  test('the value of a variable whose name says so is a secret wherever it stands', () => {
    const { secrets } = parse('cameras: { a: { source: "rtsp://${HOST}/${STREAM_TOKEN}" } }\n', {
      environment: { HOST: 'camera.lan', STREAM_TOKEN: 'path-that-opens' },
    });
    expect(secrets).toContain('path-that-opens');
    expect(secrets).not.toContain('camera.lan');
  });

  test.each([
    { name: 'an unquoted alias', value: '*hunter2' },
    { name: 'an unquoted tag', value: '!hunter2' },
    { name: 'an unquoted block', value: '|hunter2' },
    { name: 'a number', value: '20250612' },
    { name: 'a list', value: '[hunter2]' },
    { name: 'a missing blank', value: '1, password:hunter2' },
    { name: 'an escape', value: '"hunter2\\q"' },
  ])('a password that YAML takes for $name is told without it', ({ value }) => {
    const text = `cameras:\n  a: { source: "rtsp://h/s", username: x, password: ${value} }\n`;
    expect(failure(text).message).not.toMatch(/hunter2|20250612/);
    expect(issues(text)[0]?.line).toBe(2);
  });

  test('no message repeats a password', () => {
    const text = 'cameras:\n  a: { source: "ftp://u:hunter2@h", username: x, password: hunter2, fps: 99 }\n';
    expect(failure(text).message).not.toContain('hunter2');
  });
});

test('a file is read with its folder', async () => {
  const folder = tempFolder();
  await writeFile(join(folder, 'falconet.yaml'), MINIMAL);
  const { folder: found } = await loadConfig(join(folder, 'falconet.yaml'));
  expect(found).toBe(folder);
});

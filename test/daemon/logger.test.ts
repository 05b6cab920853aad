import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { secretForms } from '../../src/core/redact.ts';
import { createLogger, linesTo } from '../../src/daemon/logger.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

let written: string;
let destination: Writable;
beforeEach(() => {
  written = '';
  destination = new Writable({
    write(text, _encoding, done) {
      written += text;
      done();
    },
  });
});

test('a line is one JSON object with its time, level, facts and sentence', () => {
  createLogger({ level: 'info', readable: false, destination }).info({ camera: 'drive' }, 'online');
  expect(JSON.parse(written)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    camera: 'drive',
    msg: 'online',
  });
});

test('another level holds from the next line on', () => {
  const log = createLogger({ level: 'warn', readable: false, destination });
  log.info({}, 'one');
  log.setLevel('info');
  log.info({}, 'two');
  log.setLevel('error');
  log.warn({}, 'three');
  expect(written.match(/one|two|three/g)).toEqual(['two']);
});

test.skipIf(process.platform !== 'linux')('a full disk below the log stops nobody who logs', async () => {
  const full = openSync('/dev/full', 'w');
  const lines = linesTo(full);
  const log = createLogger({ level: 'info', readable: false, destination: lines });
  log.info({}, 'one');
  log.warn({}, 'two');
  for (let i = 0; i < 1_100; i++) log.info({ long: 'x'.repeat(1_000) }, 'more than is held');
  closeSync(full);

  const file = join(tempFolder(), 'log');
  const roomy = openSync(file, 'a');
  Object.assign(lines, { fd: roomy }); // there is room again
  log.info({ long: 'x'.repeat(1_000) }, 'three'); // finds no room among what is held
  log.info({}, 'four');
  await new Promise(setImmediate);
  const written = readFileSync(file, 'utf8').trimEnd().split('\n');
  const told = written.map((line) => JSON.parse(line) as { msg: string; lost?: number });
  const sentences = told.map(({ msg }) => msg);
  expect(sentences.slice(0, 3)).toEqual(['one', 'two', 'more than is held']);
  expect(sentences.slice(-2)).toEqual(['four', expect.stringMatching(/^lines of the log were lost/)]);
  expect(told.length - 1 + (told.at(-1)?.lost ?? 0)).toBe(1_104);
  closeSync(roomy);
});

describe('no line holds a secret', () => {
  const password = 'a"b\\c/d@é';
  const log = (readable: boolean, secrets: Iterable<string>) =>
    createLogger({ level: 'info', readable, secrets, destination });
  const say = (logger: ReturnType<typeof log>) => {
    const url = new URL('rtsp://viewer@10.0.0.5/s');
    url.password = encodeURIComponent(password);
    const error = new Error(`cannot open ${url.href}`);
    logger.info(
      { password, cause: error, nested: { list: [password] } },
      `it was ${password}, ${url.password}`,
    );
  };

  test.each([
    { name: 'JSON', readable: false },
    { name: 'readable', readable: true },
  ])('in any form, as $name', async ({ readable }) => {
    say(log(readable, secretForms(password, 'viewer')));
    await vi.waitFor(() => expect(written).toContain('it was ***, ***'), { timeout: 10_000, interval: 20 });
    for (const form of [...secretForms(password, 'viewer'), JSON.stringify(password).slice(1, -1)]) {
      expect(written).not.toContain(form);
    }
  });

  test('that came with a later configuration', () => {
    const secrets = new Set<string>();
    const logger = log(false, secrets);
    for (const form of secretForms(password)) secrets.add(form);
    say(logger);
    expect(written).toContain('it was ***');
  });
});

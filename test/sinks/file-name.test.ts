import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNamer, namePatterns, numbered } from '../../src/sinks/file-name.ts';

test('every placeholder is filled with local time', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5);
  expect(fileNamer('a/%Y-%m-%d/%H%M%S.jsonl')(time)).toBe('a/2026-01-02/030405.jsonl');
  expect(fileNamer('100%%/%z')(time)).toMatch(/^100%\/[+-]\d{4}$/);
});

test.each(['%y', '%', 'a%', '%F', '%{camera}', '%/'])('%j is refused when the sink is made', (template) => {
  expect(() => fileNamer(template)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('at whatever time, a name stays in the folder of its template', () => {
  const name = fileNamer('events/%Y%m%d%H%M%S%z%%');
  const time = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(time, (at) => {
      expect(name(at)).toMatch(/^events\/\d{14}[+-]\d{4}%$/);
    }),
  );
});

test('every name that a template makes, and those of its older files, are known for its own; others are not', () => {
  const time = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-01-01'), noInvalidDate: true });
  const level = fc.array(fc.constantFrom('%Y', '%m', '%H', '%z', '%%', 'a', '.', '(', '+'), {
    minLength: 1,
    maxLength: 5,
  });
  const template = fc
    .tuple(fc.array(level, { maxLength: 2 }), level, fc.constantFrom('.jsonl', '.csv', ''))
    .map(([folders, file, ext]) => [...folders, file].map((one) => `x${one.join('')}`).join('/') + ext);
  fc.assert(
    fc.property(template, time, fc.nat(), (text, at, number) => {
      const name = fileNamer(text)(at);
      const fits = (path: string) => {
        const levels = path.split('/');
        const patterns = namePatterns(text);
        return levels.length === patterns.length && patterns.every((one, i) => one.test(levels[i] ?? ''));
      };
      for (const path of [name, numbered(name, number)]) {
        for (const ending of ['', '~', '.gz', '.part']) expect(fits(path + ending)).toBe(true);
        expect(fits(`y${path}`)).toBe(false);
        expect(fits(`${path}.bak`)).toBe(false);
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNamer } from '../../src/sinks/file-name.ts';

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

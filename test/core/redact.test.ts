import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact, secretForms } from '../../src/core/redact.ts';

test.each([
  { name: 'nothing', text: '', expected: '' },
  { name: 'a plain URL', text: 'rtsp://10.0.0.5/sub', expected: 'rtsp://10.0.0.5/sub' },
  {
    name: 'user and password',
    text: "Impossible to open 'rtsp://u:p@10.0.0.5/sub'",
    expected: "Impossible to open 'rtsp://***@10.0.0.5/sub'",
  },
  { name: 'a password with a slash', text: 'no rtsp://u:p/w@cam/sub', expected: 'no rtsp://***@cam/sub' },
  {
    name: 'an address in JSON, and one behind it',
    text: '{"a":"rtsp://cam/x","b":"rtsp://u:p@cam"}',
    expected: '{"a":"rtsp://cam/x","b":"rtsp://***@cam"}',
  },
  { name: 'a password with an @', text: 'rtsp://u:p@ss@cam', expected: 'rtsp://***@cam' },
  {
    name: 'a password in the query',
    text: 'http://cam/snap?user=a&password=b&size=2',
    expected: 'http://cam/snap?user=a&password=***&size=2',
  },
])('no credentials are left in $name', ({ text, expected }) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  { name: 'without an address', part: 'a' },
  { name: 'of addresses', part: 'a://' },
])('a long text $name and without blanks does not hold the gateway up', ({ part }) => {
  const long = part.repeat(200_000);
  expect(redact(`${long}@cam`).endsWith('@cam')).toBe(true);
});

test('no form of a known password is left, wherever it stands', () => {
  const password = fc.string({ minLength: 4 }).filter((text) => !'***'.includes(text));
  fc.assert(
    fc.property(password, fc.string(), fc.string(), (secret, before, after) => {
      const forms = secretForms(secret, 'viewer');
      const text = forms.map((form) => `${before}${form}${after}`).join('|');
      const safe = redact(text, forms);
      const without = forms.map(() => `${before}${after}`).join('|');
      for (const form of forms.filter((form) => !without.includes(form))) expect(safe).not.toContain(form);
    }),
  );
});

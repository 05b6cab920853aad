import { expect, test } from 'vitest';
import { answerChallenge } from '../../src/streams/http-login.ts';

const request = { method: 'GET', path: '/dir/index.html', username: 'Mufasa', count: 1 };

test('Digest without qop answers as the example of RFC 2617, section 3.5, would', () => {
  const challenge =
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  expect(answerChallenge(challenge, { ...request, password: 'Circle Of Life' })).toBe(
    'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", opaque="5ccc069c403ebaf9f0171e9517f40e41", ' +
      'response="670fd8c2df070c60b045671b8b24ff02"',
  );
});

test.each([
  { name: 'nothing', challenge: '', expected: undefined },
  { name: 'a scheme that is not known', challenge: 'Negotiate', expected: undefined },
  { name: 'Basic', challenge: 'Basic realm="camera, Digest"', expected: 'Basic' },
  {
    name: 'both in one header, Basic first',
    challenge: 'Basic realm="a", Digest realm="a", nonce="n", qop="auth", algorithm=MD5',
    expected: 'Digest',
  },
  {
    name: 'an algorithm that is not known, and Basic',
    challenge: 'Digest realm="a", nonce="n", algorithm=SHA-512-256, Basic realm="a"',
    expected: 'Basic',
  },
  {
    name: 'two algorithms',
    challenge: 'Digest realm="a", nonce="n", qop="auth", algorithm=SHA-256, Digest realm="a", nonce="n"',
    expected: 'Digest',
  },
])('a camera that offers $name', ({ challenge, expected }) => {
  const answer = answerChallenge(challenge, { ...request, password: 'p' });
  expect(answer?.split(' ')[0]).toBe(expected);
});

test('a user name with a quote stays one word', () => {
  const answer = answerChallenge('Digest realm="a", nonce="n"', {
    ...request,
    username: 'o"x\\',
    password: 'p',
  });
  expect(answer).toContain(String.raw`username="o\"x\\", realm`);
});

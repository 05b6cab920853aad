import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAnswer, requestReader } from './request.ts';

const OPTIONS = 'OPTIONS rtsp://127.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\n\r\n';
const WITH_BODY = 'GET_PARAMETER * RTSP/1.0\r\ncseq:2\r\nContent-Length: 4\r\n\r\nabcd';
const RECEIVER_REPORT = '$\x01\x00\x03\r\n\r';

test('requests are read however the connection cuts them, packets and bodies in between', () => {
  const stream = Buffer.from(OPTIONS + RECEIVER_REPORT + WITH_BODY + RECEIVER_REPORT + OPTIONS, 'latin1');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const read = requestReader();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const requests = edges.slice(1).flatMap((to, n) => read(stream.subarray(edges[n], to)));
      expect(requests.map(({ method, headers }) => [method, headers.get('cseq')])).toEqual([
        ['OPTIONS', '1'],
        ['GET_PARAMETER', '2'],
        ['OPTIONS', '1'],
      ]);
    }),
  );
});

test('what never becomes a request is not kept for ever', () => {
  expect(() => requestReader()(Buffer.alloc(20_000, 'x'))).toThrow('request too long');
});

test('an answer repeats the number of its request and counts the bytes of its body', () => {
  const [request] = requestReader()(Buffer.from(OPTIONS));
  if (request === undefined) throw new Error('no request');

  expect(formatAnswer(request, { status: 461 })).toBe(
    'RTSP/1.0 461 Unsupported Transport\r\nCSeq: 1\r\n\r\n',
  );
  expect(formatAnswer(request, { status: 200, headers: { Session: 'a' }, body: 'é' })).toBe(
    'RTSP/1.0 200 OK\r\nCSeq: 1\r\nSession: a\r\nContent-Length: 2\r\n\r\né',
  );
});

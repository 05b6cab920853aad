import { expect, test } from 'vitest';
import { rtspProtocols, rtspScript } from '../../src/ffmpeg/rtsp-script.ts';

const modern = { origin: 'path', generation: 5 } as const;
const bundled = { origin: 'bundled', generation: 4 } as const;
const fileLine = async (url: string, ffmpeg: typeof modern | typeof bundled = modern) =>
  (await rtspScript(url, ffmpeg)).split('\n')[1];

test.each([
  { name: 'a bare one', url: 'rtsp://10.0.0.5', line: "file 'rtsp://10.0.0.5'" },
  { name: 'one with port and path', url: 'rtsp://cam:8554/sub', line: "file 'rtsp://cam:8554/sub'" },
  {
    name: 'one with a query',
    url: 'rtsp://cam/?channel=1&subtype=0',
    line: "file 'rtsp://cam/?channel=1&subtype=0'",
  },
  {
    name: 'one with credentials',
    url: 'rtsp://u:p%40s%27s@cam/',
    line: "file 'rtsp://u:p%40s%27s@cam/'",
  },
  {
    name: 'one with a quote',
    url: "rtsp://u:o'clock@cam/",
    line: String.raw`file 'rtsp://u:o'\''clock@cam/'`,
  },
  { name: 'an encrypted one', url: 'rtsps://cam/', line: "file 'rtsps://cam/'" },
])('an address reaches ffmpeg whole: $name', async ({ url, line }) => {
  expect(await fileLine(url)).toBe(line);
});

test.each([
  { name: 'nothing', url: '' },
  { name: 'no URL', url: 'camera' },
  { name: 'another scheme', url: 'http://cam/video' },
  { name: 'no host', url: 'rtsp:///path' },
  { name: 'a line that would be a directive of its own', url: "rtsp://cam/\nfile '/etc/passwd'" },
  { name: 'a carriage return', url: 'rtsp://cam/\rfile x' },
])('an address that is no camera is refused before anything starts: $name', async ({ url }) => {
  await expect(rtspScript(url, modern)).rejects.toMatchObject({ code: 'SOURCE_ADDRESS' });
});

test('a refused address is not repeated in the error: it may hold a password', async () => {
  await expect(rtspScript('http://u:hunter2@cam/', modern)).rejects.not.toMatchObject({
    message: expect.stringContaining('hunter2'),
  });
});

test('the bundled ffmpeg gets addresses, since it crashes on names', async () => {
  expect(await fileLine('rtsp://localhost:8554/a', bundled)).toBe("file 'rtsp://127.0.0.1:8554/a'");
  expect(await fileLine('rtsp://[::1]:8554/a', bundled)).toBe("file 'rtsp://[::1]:8554/a'");
  await expect(rtspScript('rtsp://camera.invalid/', bundled)).rejects.toMatchObject({
    code: 'SOURCE_ENDED',
    facts: { reason: 'unreachable' },
  });
});

test('TCP is asked for where ffmpeg can be told; an older one would refuse the whole script', async () => {
  expect(await rtspScript('rtsp://cam/', modern)).toContain('\noption rtsp_transport tcp\n');
  expect(await rtspScript('rtsp://10.0.0.5/', bundled)).not.toContain('option');
});

test('TLS is allowed for encrypted cameras only', () => {
  expect(rtspProtocols('rtsps://cam/').split(',')).toContain('tls');
  expect(rtspProtocols('rtsp://cam/').split(',')).not.toContain('tls');
});

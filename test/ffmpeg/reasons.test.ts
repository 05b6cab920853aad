import { expect, test } from 'vitest';
import { hintFor, reasonOf } from '../../src/ffmpeg/reasons.ts';

test.each([
  { said: '', exitCode: 0, reason: 'stream-ended' },
  { said: '', exitCode: 1, reason: 'ffmpeg-failed' },
  { said: '', exitCode: null, reason: 'ffmpeg-failed' },
  { said: '[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized', exitCode: 1, reason: 'wrong-password' },
  { said: '[rtsp @ 0x1] method DESCRIBE failed: 401 (Unauthorized)', exitCode: 8, reason: 'wrong-password' },
  {
    said: 'rtsp://***@cam/x: Server returned 403 Forbidden (access denied)',
    exitCode: 1,
    reason: 'wrong-password',
  },
  { said: '[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found', exitCode: 1, reason: 'no-such-path' },
  { said: '[rtsp @ 0x1] method DESCRIBE failed: 404 (Not Found)', exitCode: 8, reason: 'no-such-path' },
  {
    said: '[tcp @ 0x1] Connection to tcp://10.0.0.5:554 failed: Connection refused',
    exitCode: 145,
    reason: 'refused',
  },
  {
    said: '[tcp @ 0x1] Failed to resolve hostname cam: Name or service not known',
    exitCode: 1,
    reason: 'unreachable',
  },
  { said: 'pipe:0: No route to host', exitCode: 1, reason: 'unreachable' },
  { said: '[tls @ 0x1] certificate verify failed', exitCode: 1, reason: 'bad-certificate' },
  {
    said: 'Connection timed out\npipe:0: Invalid data found when processing input',
    exitCode: 183,
    reason: 'timed-out',
  },
  { said: 'file:porch.mp4: No such file or directory', exitCode: 1, reason: 'no-such-file' },
  { said: 'file:/root: Is a directory', exitCode: 1, reason: 'no-such-file' },
  { said: "Stream map '0:v:0' matches no streams.", exitCode: 1, reason: 'not-video' },
  { said: 'Output file #0 does not contain any stream', exitCode: 234, reason: 'not-video' },
  { said: 'file:a.txt: Invalid data found when processing input', exitCode: 0, reason: 'not-video' },
  { said: 'pipe:0: Server returned 400 Bad Request', exitCode: 1, reason: 'no-such-path' },
  { said: 'pipe:0: Server returned 5XX Server Error reply', exitCode: 1, reason: 'server-error' },
  {
    said: '[h264 @ 0x1] No device available for decoder: device type vaapi needed for codec h264.',
    exitCode: 1,
    reason: 'no-hardware',
  },
  { said: '[h264_v4l2m2m @ 0x1] Could not find a valid device', exitCode: 234, reason: 'no-hardware' },
  { said: '/dev/video0: Device or resource busy', exitCode: 1, reason: 'device-busy' },
  { said: '/dev/null: Inappropriate ioctl for device', exitCode: 1, reason: 'not-video' },
  { said: '[in#0 @ 0x1] Error opening input: Input/output error', exitCode: 251, reason: 'stream-ended' },
])('"$said", exit code $exitCode, is $reason', ({ said, exitCode, reason }) => {
  expect(reasonOf(said, exitCode)).toBe(reason);
});

test('a hint goes with what the operator can mend, and only with that', () => {
  expect(hintFor('wrong-password')).toContain('password');
  expect(hintFor('stream-ended')).toBeUndefined();
});

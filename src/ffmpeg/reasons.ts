import type { CameraReason } from '../core/camera-state.ts';

/** What ffmpeg 4.1, 5.1 and 9.0 print, as seen by running them; the first that is found holds. */
const SAID: readonly (readonly [RegExp, CameraReason])[] = [
  [/\b40[13] \(?(Unauthorized|Forbidden)|authorization failed/i, 'wrong-password'],
  [/\b404 \(?Not Found|\b4\d\d \(?Bad Request|\b410 \(?Gone/i, 'no-such-path'],
  [/\b5(XX|\d\d) Server Error/i, 'server-error'],
  [/Connection refused/i, 'refused'],
  [
    /certificate verify failed|self.signed certificate|certificate .*(expired|not trusted)/i,
    'bad-certificate',
  ],
  [
    /Failed to resolve hostname|Name or service not known|No route to host|Network is unreachable|Host is down/i,
    'unreachable',
  ],
  [/timed out/i, 'timed-out'],
  [
    /No device available for decoder|h264_v4l2m2m\b.*Could not find a valid device|Unrecognized hwaccel|Unknown decoder/,
    'no-hardware',
  ],
  [/Device or resource busy/i, 'device-busy'],
  [/No such file or directory|Permission denied|Is a directory/i, 'no-such-file'],
  [
    /Inappropriate ioctl for device|matches no streams|does not contain any stream|Invalid data found|moov atom not found|Could not find codec parameters|Cannot determine format/i,
    'not-video',
  ],
  [/Input\/output error/, 'stream-ended'],
];

/** How to help, for the hint of an error. */
const HELP: Readonly<Partial<Record<CameraReason, string>>> = {
  'wrong-password': "Check the camera's user and password, and that this user may watch its stream",
  'no-such-path': "Check the path in the camera's address; its manual lists it, often as RTSP URL",
  refused: 'Check the port, and that RTSP is switched on in the camera',
  'bad-certificate':
    "Use rtsp instead of rtsps, or give the camera a certificate that this machine's ffmpeg trusts",
  unreachable: 'Check the address, and that the camera has power and network',
  'timed-out': 'Check the address, and that no firewall stands between',
  'no-such-file': 'Check the path, and that this user may read the file',
  'server-error': 'Restart the camera: it answers with an error of its own',
  'no-hardware': 'Set hwaccel: none, or let this user into the group that owns /dev/dri or /dev/video',
  'device-busy': 'End what else uses the device',
  'frozen-picture': 'Restart the camera: it sends one and the same picture',
  'not-video': 'Check that the source has a video stream',
  'ffmpeg-failed': "Read ffmpeg's last lines beside this message",
};

/**
 * Why an ffmpeg ended, told by what it said: exit codes differ from version to version, and 0 is no proof of a
 * wanted end.
 *
 * @returns `stream-ended` when it ended well and in silence, `ffmpeg-failed` when nothing else fits.
 */
export function reasonOf(stderr: string, exitCode: number | null): CameraReason {
  for (const [text, reason] of SAID) if (text.test(stderr)) return reason;
  return exitCode === 0 ? 'stream-ended' : 'ffmpeg-failed';
}

/** What the operator can do about it, if anything. */
export function hintFor(reason: CameraReason): string | undefined {
  return HELP[reason];
}

import type { Clip } from './clip.ts';
import { CLOCK_HZ, PAYLOAD_TYPE } from './rtp.ts';

/** What is appended to the stream's address to name its only track. */
export const TRACK = 'trackID=0';

/** The answer to DESCRIBE: one H.264 track (RFC 8866; `a=fmtp` by RFC 6184, section 8.1). */
export function describe({ sps, pps, fps }: Pick<Clip, 'sps' | 'pps' | 'fps'>): string {
  const profileLevelId = sps.subarray(1, 4).toString('hex');
  const sets = `${sps.toString('base64')},${pps.toString('base64')}`;
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=Falconet test camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/${CLOCK_HZ}`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profileLevelId};sprop-parameter-sets=${sets}`,
    `a=framerate:${fps}`,
    `a=control:${TRACK}`,
    '',
  ].join('\r\n');
}

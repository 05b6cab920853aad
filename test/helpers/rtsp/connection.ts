import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AccessUnit } from './annex-b.ts';
import type { Clip } from './clip.ts';
import { type DialogueOptions, dialogue } from './dialogue.ts';
import type { Outgoing } from './faults.ts';
import { play } from './player.ts';
import { formatAnswer, type RtspRequest, requestReader } from './request.ts';
import { CLOCK_HZ, interleaved, packetizer } from './rtp.ts';

export interface Station extends DialogueOptions {
  readonly clip: Clip;
  readonly loop: boolean;
  readonly outgoing: Outgoing;
  /** A picture went to a client. */
  readonly onSent: () => void;
}

export interface Connection {
  isPlaying(): boolean;
}

/** How much may wait for a client that reads too slowly; what is more is left out up to a key frame. */
const MOST_WAITING_BYTES = 2 ** 20;

/**
 * Serves one client of the camera: it gets the clip from the start, as a camera begins with a key frame for
 * whoever joins.
 */
export function serve(socket: Socket, station: Station): Connection {
  const { answer, channel } = dialogue(station);
  let stop: (() => void) | undefined;
  const halt = (): void => {
    stop?.();
    stop = undefined;
  };
  const hangUp = (): void => {
    halt();
    socket.end();
  };

  const handle = (request: RtspRequest): void => {
    const reply = answer(request);
    socket.write(formatAnswer(request, reply));
    if (reply.status !== 200) return;
    if (request.method === 'TEARDOWN') hangUp();
    if (request.method === 'PLAY' && stop === undefined) {
      stop = play({
        ...station.clip,
        loop: station.loop,
        onUnit: sender(socket, channel() ?? 0, station),
        onEnd: hangUp,
      });
    }
  };

  const read = requestReader();
  socket.on('data', (piece) => {
    try {
      read(piece).forEach(handle);
    } catch {
      socket.destroy(); // what it says is not RTSP: a camera hangs up too
    }
  });
  socket.on('error', halt); // a client that vanishes is no fault of the test; 'close' follows
  socket.on('close', halt);
  return { isPlaying: () => stop !== undefined };
}

function sender(socket: Socket, channel: number, { clip, outgoing, onSent }: Station) {
  const rtp = packetizer({ ssrc: randomBytes(4).readUInt32BE() });
  let waitsForKey = false;
  return (planned: AccessUnit, n: number): void => {
    const unit = outgoing(planned);
    const isLeftOut = unit === undefined || socket.writableLength > MOST_WAITING_BYTES;
    waitsForKey = isLeftOut || (waitsForKey && !unit.isKey);
    if (unit === undefined || waitsForKey) return;
    const packets = rtp.packets(unit.nals, Math.round((n * CLOCK_HZ) / clip.fps));
    socket.write(Buffer.concat(packets.map((packet) => interleaved(channel, packet))));
    onSent();
  };
}

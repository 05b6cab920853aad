import type { WebSocket } from 'ws';
import type { BytesHead, ShownTrack, Told, Wish } from '../core/dashboard.ts';
import type { Live, LivePicture, LiveTracks, SeenTrack, VideoPiece } from '../core/live.ts';
import type { Feed } from './feed.ts';
import { packed } from './packed.ts';
import { parseWish } from './wish.ts';

export interface ViewerOptions {
  readonly socket: WebSocket;
  readonly feed: Feed;
  readonly live: Live;
  /** Asked every 15 s: whoever is logged out sees nothing more. */
  readonly isAllowed: () => boolean;
}

/** What may wait for a viewer with a slow line, bytes: pictures are left out first, then video, then the viewer. */
const WAITING = { pictures: 300_000, video: 3_000_000, all: 16_000_000 } as const;
const PING_MS = 15_000;
/** Codes of RFC 6455, 7.4. */
const CLOSED = { goingAway: 1001, policy: 1008, overload: 1013 } as const;

/** A page that looks on, until its socket closes: it hears of all news, and sees the cameras that it asks for. */
export function serveViewer({ socket, feed, live, isAllowed }: ViewerOptions): void {
  const watched = new Map<string, { readonly video: boolean; readonly stop: () => void }>();
  let isAlive = true;

  const send = (message: string | Buffer): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > WAITING.all) socket.close(CLOSED.overload);
    else socket.send(message);
  };
  const tell = (told: Told): void => send(JSON.stringify(told));

  const wish = ({ watch }: Wish): void => {
    const wanted = new Map(watch.map(({ camera, video }) => [camera, video]));
    for (const [camera, { video, stop }] of watched) {
      if (wanted.get(camera) === video) continue;
      stop();
      watched.delete(camera);
    }
    for (const [camera, video] of wanted) {
      if (watched.has(camera) || !feed.cameras.some((view) => view.camera === camera)) continue;
      watched.set(camera, { video, stop: (video ? watchVideo : watchPictures)(camera) });
    }
  };

  function watchPictures(camera: string): () => void {
    return live.pictures(camera, (picture) => {
      if (socket.bufferedAmount <= WAITING.pictures) send(packedPicture(picture));
    });
  }

  function watchVideo(camera: string): () => void {
    let needsKey = true;
    const stopTracks = live.tracks(camera, ({ wallTime: at, judged }) =>
      tell({ kind: 'tracks', camera, at, tracks: judged.map(shown) }),
    );
    const stopVideo = live.video(camera, (piece) => {
      if (piece.kind === 'none') return tell({ kind: 'no-video', camera });
      if (piece.kind === 'piece') {
        needsKey = (needsKey && !piece.isKey) || socket.bufferedAmount > WAITING.video;
        if (needsKey) return;
      }
      send(packedVideo(camera, piece));
    });
    return () => {
      stopVideo();
      stopTracks();
    };
  }

  const pinging = setInterval(() => {
    if (!isAllowed()) socket.close(CLOSED.policy);
    else if (!isAlive) socket.terminate();
    isAlive = false;
    if (socket.readyState !== socket.OPEN) return;
    socket.ping();
    tell({ kind: 'alive' });
  }, PING_MS);
  const deaf = feed.listen(tell);

  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('error', () => {}); // its close follows
  socket.on('close', () => {
    clearInterval(pinging);
    deaf();
    wish({ watch: [] });
  });
  socket.on('message', (data, isBinary) => {
    const asked = isBinary ? undefined : parseWish(String(data));
    if (asked === undefined) socket.close(CLOSED.policy);
    else wish(asked);
  });
  for (const told of feed.now) tell(told);
}

/** Packed once for all who see it. */
const messages = new WeakMap<object, Buffer>();

function once(of: object, pack: () => Buffer): Buffer {
  const known = messages.get(of);
  if (known !== undefined) return known;
  const message = pack();
  messages.set(of, message);
  return message;
}

function packedPicture(picture: LivePicture): Buffer {
  return once(picture, () => packed(headOf(picture), picture.jpeg));
}

function packedVideo(camera: string, piece: Exclude<VideoPiece, { kind: 'none' }>): Buffer {
  return once(piece, () =>
    piece.kind === 'start'
      ? packed({ kind: 'video-start', camera, mime: piece.mime }, piece.bytes)
      : packed({ kind: 'video', camera, at: piece.at }, piece.bytes),
  );
}

function headOf({ camera, seq, wallTime: at, width, height, judged }: LiveTracks): BytesHead {
  return { kind: 'picture', camera, seq, at, width, height, tracks: judged.map(shown) };
}

function shown({ track, admitted }: SeenTrack): ShownTrack {
  const { id, label, box, path, stationary, score } = track;
  return { id, label, box, path, stationary, score: score.current, isEvent: admitted };
}

import { isDeepStrictEqual } from 'node:util';
import type { FfmpegSource } from '../core/camera-source.ts';
import type { Clock } from '../core/clock.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import type { Live, VideoPiece } from '../core/live.ts';
import type { Log } from '../core/log.ts';
import { createChildren } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { FragmentReader, type Mp4Part } from '../ffmpeg/fragments.ts';
import { liveCommand } from '../ffmpeg/live-command.ts';
import { sourceFailure } from '../ffmpeg/source-failure.ts';
import { backoffMs } from '../streams/backoff.ts';
import { PATIENCE } from '../streams/supervise.ts';

/** Of one camera; undefined where nothing may be copied. */
export type VideoSources = ReadonlyMap<string, FfmpegSource>;

export interface LiveVideo extends Pick<Live, 'video'> {
  /** What is copied from now on; a camera whose source is another starts anew for those who watch it. */
  use(sources: VideoSources, ffmpeg: Ffmpeg): void;
  /** Idempotent, never rejects; settles once all its ffmpegs are gone. */
  close(): Promise<void>;
}

export interface LiveVideoOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Values that no message may hold. */
  readonly secrets: Iterable<string>;
  /** A camera that sends nothing for so long is asked anew, ms. @default as long as one may take to its first frame */
  readonly silentMs?: number;
}

type Listener = (piece: VideoPiece) => void;

interface Session {
  readonly source: FfmpegSource;
  readonly listeners: Set<Listener>;
  /** For who comes later: the start, and all since the newest picture that stands for itself. */
  start: VideoPiece | undefined;
  group: VideoPiece[];
  groupBytes: number;
  /** Something came at least once. */
  hasCome: boolean;
  isOver: boolean;
  /** Ends what runs or waits now. */
  stop: () => void;
}

const NO_VIDEO = 'a camera has no video for viewers for now';
const ONE_MORE =
  'See whether the camera takes one more connection; the dashboard shows the pictures that are looked at';
const WAIT = { firstMs: 2_500, mostMs: 60_000 };
/** In a row, of video that came before: a camera that starts anew needs a while. */
const MOST_FAILURES = 3;
/** A group of pictures larger than this is not kept: who comes in its midst waits for the next. */
const MOST_GROUP_BYTES = 8_000_000;

/**
 * One ffmpeg a camera copies its video while at least one viewer watches it; one that ends or falls silent is tried again
 * a few times, and then viewers are told that there is none; so they are at once of a camera that takes no further
 * connection. Who asks again has it tried again.
 */
export function liveVideo(options: LiveVideoOptions): LiveVideo {
  const { clock, log, secrets, silentMs = PATIENCE.firstMs } = options;
  const children = createChildren();
  const sessions = new Map<string, Session>();
  /** Cameras whose failure is in the log. */
  const failing = new Set<string>();
  let sources: VideoSources = new Map();
  let ffmpeg: Ffmpeg | undefined;
  let isClosed = false;

  function begin(camera: string, source: FfmpegSource, listeners: Set<Listener>): Session {
    const session: Session = {
      source,
      listeners,
      start: undefined,
      group: [],
      groupBytes: 0,
      hasCome: false,
      isOver: false,
      stop: () => {},
    };
    sessions.set(camera, session);
    void run(camera, session, 0);
    return session;
  }

  function end(camera: string, session: Session): void {
    session.isOver = true;
    session.stop();
    if (sessions.get(camera) === session) sessions.delete(camera);
  }

  /** @param failures - in a row, before this run. */
  async function run(camera: string, session: Session, failures: number): Promise<void> {
    const isWanted = (): boolean => !session.isOver && !isClosed;
    const failure = await copy(camera, session, isWanted).then(() => undefined, asError);
    if (!isWanted()) return;
    session.start = undefined;
    clear(session);
    const failed = failure === undefined ? 0 : failures + 1;
    if (failure !== undefined && failed >= (session.hasCome ? MOST_FAILURES : 1)) {
      return giveUp(camera, session, failure);
    }
    const timer = setTimeout(() => void run(camera, session, failed), backoffMs(failed + 1, WAIT));
    session.stop = () => clearTimeout(timer);
  }

  function giveUp(camera: string, session: Session, failure: Error): void {
    const { reason, stderr } = failure instanceof FalconetError ? failure.facts : {};
    const facts = { camera, ...errorFacts(failure), reason, stderr, error: failure.message };
    // Whatever is wrong with the camera itself, its state says.
    const hint = session.hasCome || facts.code === 'SOURCE_SPAWN' ? facts.hint : ONE_MORE;
    log[failing.has(camera) ? 'debug' : 'warn']({ ...facts, hint }, NO_VIDEO);
    failing.add(camera);
    end(camera, session);
    tell(session, { kind: 'none' });
  }

  /**
   * One ffmpeg from its start to its end.
   *
   * @throws SOURCE_SPAWN, SOURCE_ADDRESS; SOURCE_ENDED and SOURCE_STALLED when nothing came of it.
   */
  async function copy(camera: string, session: Session, isWanted: () => boolean): Promise<void> {
    if (ffmpeg === undefined) throw new TypeError('expected ffmpeg before video');
    const { source } = session;
    const command = await liveCommand(source, ffmpeg);
    if (!isWanted()) return;
    const child = children.start({ path: ffmpeg.path, command, secrets });
    session.stop = () => void child.close();
    const reader = new FragmentReader();
    let came = 0;
    let isSilent = false;
    // ffmpeg itself waits for ever where a connection stays open.
    const silence = setTimeout(() => {
      isSilent = true;
      void child.close();
    }, silentMs);
    child.stdout.on('data', (chunk: Buffer) => {
      silence.refresh();
      try {
        for (const part of reader.push(chunk)) {
          came++;
          session.hasCome = true;
          failing.delete(camera);
          deliver(session, part);
          if (session.start?.kind === 'none') end(camera, session); // who asks again is told again
        }
      } catch {
        void child.close(); // its bytes are no MP4: its end says that it is tried again
      }
    });
    const exit = await child.ended.finally(() => clearTimeout(silence));
    if (isWanted()) log.debug({ camera, stderr: exit.stderr }, 'copied video ended');
    if (came === 0) throw isSilent ? silent(camera, silentMs) : sourceFailure({ camera, source, exit });
  }

  function deliver(session: Session, part: Mp4Part): void {
    if (part.kind === 'start') {
      const { codec, bytes } = part;
      const mime = `video/mp4; codecs="${codec}"`;
      session.start = codec === undefined ? { kind: 'none' } : { kind: 'start', mime, bytes };
      clear(session);
      tell(session, session.start);
      return;
    }
    const { bytes, isKey } = part;
    const piece: VideoPiece = { kind: 'piece', bytes, isKey, at: clock.now() };
    if (isKey) clear(session);
    if (isKey || session.group.length > 0) {
      session.group.push(piece);
      session.groupBytes += bytes.length;
      if (session.groupBytes > MOST_GROUP_BYTES) clear(session);
    }
    tell(session, piece);
  }

  return {
    video(camera, onPiece) {
      const source = sources.get(camera);
      if (source === undefined || isClosed) {
        onPiece({ kind: 'none' });
        return () => {};
      }
      const running = sessions.get(camera) ?? begin(camera, source, new Set());
      const { listeners } = running;
      listeners.add(onPiece);
      if (running.start !== undefined) onPiece(running.start);
      for (const piece of running.group) onPiece(piece);
      return () => {
        listeners.delete(onPiece);
        const session = sessions.get(camera);
        if (listeners.size === 0 && session?.listeners === listeners) end(camera, session);
      };
    },
    use(next, with_) {
      const isOther = ffmpeg?.path !== with_.path;
      sources = next;
      ffmpeg = with_;
      // A copy of them: who begins anew is set again, and a map would come to it again without end.
      for (const [camera, session] of [...sessions]) {
        const source = next.get(camera);
        if (!isOther && isDeepStrictEqual(source, session.source)) continue;
        end(camera, session);
        if (source === undefined) tell(session, { kind: 'none' });
        else begin(camera, source, session.listeners);
      }
    },
    async close() {
      isClosed = true;
      for (const [camera, session] of sessions) end(camera, session);
      await children.closeAll();
    },
  };
}

function clear(session: Session): void {
  session.group = [];
  session.groupBytes = 0;
}

function tell({ listeners }: Session, piece: VideoPiece): void {
  for (const listener of listeners) listener(piece);
}

function silent(camera: string, silentMs: number): FalconetError {
  const seconds = Math.round(silentMs / 1_000);
  return new FalconetError('SOURCE_STALLED', `${camera}: expected video within ${seconds} s, got none`, {
    facts: { reason: 'timed-out' },
  });
}

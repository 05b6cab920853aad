import type { Box } from '../core/box.ts';
import type { CameraState, StateReport } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Detection, Detector, Square } from '../core/detection.ts';
import { asError } from '../core/error.ts';
import type { DropReason, Frame } from '../core/frame.ts';
import type { FrameReport, FrameWay } from '../core/frame-report.ts';
import type { Health } from '../core/health.ts';
import type { Judged } from '../core/judged.ts';
import type { Keep } from '../core/keep.ts';
import type { Log } from '../core/log.ts';
import type { Look } from '../core/look.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';
import type { Track } from '../core/track.ts';
import type { Verdict } from '../core/verdict.ts';
import type { EndReason } from '../events/life.ts';
import { endAll, initialLives, type LateNews, lifeStep, tellOf } from '../events/life.ts';
import { showsFrame } from '../events/message.ts';
import { encodeJpeg, withImage } from '../media/image.ts';
import { compileRules } from '../rules/compile.ts';
import type { RulesOptions } from '../rules/options.ts';
import { forgetObjects, initialRules, type RulesOutput, rulesStep } from '../rules/rules.ts';
import type { FrameMeter } from '../streams/meter.ts';
import { BIRTH_SCORE, forgetTracks, trackerStep } from '../tracker/tracker.ts';
import { createDispatch, type DispatchOptions, type MakeDelivery } from './dispatch.ts';
import { frameRate } from './frame-rate.ts';
import type { MotionPlan } from './gate.ts';
import type { Recorder } from './recorder.ts';
import { sceneKeeper } from './scene-keeper.ts';
import { tallyKeeper } from './tally-keeper.ts';

export interface LaneOptions extends DispatchOptions {
  readonly camera: string;
  readonly gateway: string;
  readonly run: string;
  /** @default every label makes events */
  readonly rules?: RulesOptions;
  /** How its motion is judged. @default nobody does, and nothing is told of it */
  readonly motion?: MotionPlan;
  readonly detector: Pick<Detector, 'model' | 'engine'>;
  /** Has clips and full-size pictures. @default there are none */
  readonly recorder?: Pick<Recorder, 'of' | 'still'> | undefined;
  /** Has what stood still when the camera was seen last. @default every object is a new one */
  readonly keep?: Keep | undefined;
  /** `stream_seq` of the first event. @default 0 */
  readonly streamSeq?: number;
  readonly meter: FrameMeter;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFrame?: (report: FrameReport) => void;
  /** A frame was judged or found quiet, before it is released; with what the rules make of the tracks that are open then. */
  readonly onShown?: ((frame: Frame, judged: readonly Judged[]) => void) | undefined;
  /** What each rule made of each track of a frame, before its events go out. Explaining costs little, but something. */
  readonly onVerdicts?: (verdicts: readonly Verdict[]) => void;
}

/** What the detector saw in a frame. */
export interface Seen {
  readonly detections: readonly Detection[];
  readonly look: Look;
  /** Its share of the time that its batch took in the engine, ms. */
  readonly detectMs: number;
  /** How it got there. @default nobody measures */
  readonly way?: Pick<FrameWay, 'waitMs' | 'engineMs'>;
}

/** One camera's way from detections to sinks, with all that it remembers. */
export interface Lane {
  readonly camera: string;
  /** `stream_seq` of the next event: where another lane of this camera and run goes on. */
  readonly streamSeq: number;
  /** Open tracks, as of the last look. */
  readonly tracks: readonly Track[];
  /** A frame came from the source; each one must come back by `look` or `drop`. */
  accept(frame: Frame): void;
  /** Judges a frame, sends what there is to say, and releases it. */
  look(frame: Frame, seen: Seen): Promise<void>;
  drop(frame: Frame, reason: DropReason): void;
  /** Something moves before the camera, or nothing does: told on each change. */
  setMotion(isMoving: boolean): void;
  /**
   * Goes on with labels that have other scores, and are the same but for that. What is an event stays one. Zones and
   * lines stay those of the start, in their order: objects in sight are followed by that.
   */
  setScores(labels: RulesOptions['labels']): void;
  /** A clip was written, or there will be none: who follows the event is told. */
  clipIsDone(track: Track['id']): void;
  /** The source will send no more: once its last frame is back, what is open ends. */
  sourceEnded(): void;
  /** Tells the sinks, and ends what is open when nobody can see it any more. */
  setState(state: CameraState): void;
  /** Tells the sinks what is wrong with the picture. */
  setHealth(health: Health): void;
  /** Its state with the figures of now; undefined before it has one, and once it is closed. */
  readonly report: StateReport | undefined;
  /** Tells the sinks again, with the figures of now. */
  reportState(): void;
  /**
   * Ends what is open; later frames are only released. Idempotent, never rejects; settles once the sinks have all
   * events.
   */
  close(): Promise<void>;
}

export function cameraLane(options: LaneOptions): Lane {
  const { camera, clock, detector, meter, sinks, log, onFrame, onShown, onVerdicts } = options;
  const lifeOptions = { ...options, model: detector.model };
  let rules = compileRules(options.rules ?? {});
  const dispatch = createDispatch(options);
  const scene = sceneKeeper(camera, options.keep);
  let tracker = scene.recall();
  const counted = tallyKeeper(camera, options.keep);
  let ruled = initialRules(rules, counted.recall());
  let lives = initialLives(options.streamSeq);
  let open: readonly Track[] = [];
  let shown: readonly Judged[] = [];
  let state: CameraState | undefined;
  let health: Health = {};
  let motion = options.motion === undefined ? undefined : false;
  const rate = frameRate();
  let pending = 0;
  let sourceIsOver = false;
  let lostAt = Number.NEGATIVE_INFINITY;
  let isRecordLarger = true;
  let closed = false;

  const pictureFailed = (cause: unknown): void =>
    log.warn({ camera, error: asError(cause).message }, 'an event goes out without its picture');

  /** A picture that cannot be made costs the event nothing but its picture. */
  const withPicture = async (event: FalconetEvent, frame: Frame): Promise<Delivery> => {
    try {
      return withImage(event, await encodeJpeg(frame));
    } catch (cause) {
      pictureFailed(cause);
      return { event };
    }
  };

  /** Tells of what came later than its frame. */
  const tell = (news: Omit<LateNews, 'now'>, make?: MakeDelivery): void => {
    if (closed) return;
    const [next, updates] = tellOf(lives, { ...news, now: clock.now() }, lifeOptions);
    lives = next;
    if (updates.length > 0) void dispatch.send(updates, make);
  };

  /** The frame of an event in full size, as soon as that is decoded; never again where it turns out to be no larger. */
  const enlarge = async ({ time, box, track, frame }: FalconetEvent): Promise<void> => {
    const of = Date.parse(time);
    const still = isRecordLarger ? await options.recorder?.still(of) : undefined;
    if (still === undefined) return;
    isRecordLarger = still.picture.width > frame.width;
    if (!isRecordLarger) return;
    const jpeg = await encodeJpeg(still.picture);
    const recorded = { time: still.time, of, box };
    tell({ track: track.id, reason: 'image', of }, (event) => withImage(event, jpeg, recorded));
  };

  const sendOf = async (events: readonly FalconetEvent[], frame: Frame): Promise<void> => {
    const shows = (event: FalconetEvent): boolean => frame.data.length > 0 && showsFrame(event);
    for (const event of events.filter(shows)) void enlarge(event).catch(pictureFailed);
    await dispatch.send(events, (event) => (shows(event) ? withPicture(event, frame) : { event }));
  };

  /** Whole: the sinks know what differs. */
  const tellTally = (): void => {
    const told = motion === undefined ? ruled.tally : { ...ruled.tally, motion };
    const tally = state?.state === 'disabled' ? undefined : told;
    for (const sink of sinks) sink.tally?.(camera, tally);
  };

  const end = (reason: EndReason): void => {
    const [next, ends] = endAll(lives, { now: clock.now(), reason }, lifeOptions);
    lives = next;
    tracker = forgetTracks(tracker);
    scene.flush(tracker);
    ruled = forgetObjects(ruled, rules);
    if (motion !== undefined) motion = false;
    tellTally();
    open = [];
    shown = [];
    void dispatch.send(ends);
  };

  const reportOf = ({ seq, pts }: Frame, { way, ...seen }: Seen, judgeMs: number): FrameReport => {
    const { gated = 0 } = meter.totals.dropped;
    const dropped = meter.dropped - gated;
    return {
      camera,
      seq,
      pts,
      ...seen,
      way: way && { ...way, judgeMs },
      fps: rate.at(clock.now()),
      dropped,
      gated,
      engine: detector.engine.name,
    };
  };

  const back = (frame: Frame): void => {
    frame.release();
    pending--;
    if (sourceIsOver && pending === 0 && !closed) end('end-of-file');
  };

  return {
    camera,
    get streamSeq() {
      return lives.streamSeq;
    },
    get tracks() {
      return open;
    },
    accept() {
      pending++;
    },
    async look(frame, seen) {
      try {
        if (closed) return;
        const began = performance.now();
        const { detections, look } = seen;
        const { seq, width, height, wallTime: time } = frame;
        if (time <= lostAt) return meter.looked(); // of a session that is over, as is all that was open in it
        const facts = { seq, width, height, time };
        let tracks: Track[];
        let found: RulesOutput;
        let events: FalconetEvent[];
        [tracker, tracks] = trackerStep(tracker, detections, time, {
          birth: Math.min(BIRTH_SCORE, rules.leastScore),
          looked: look.squares.map((square) => boxOf(square, frame)),
        });
        const { tally: before } = ruled;
        [ruled, found] = rulesStep(
          ruled,
          { tracks, frame: facts, explain: onVerdicts !== undefined },
          time,
          rules,
        );
        const { judged, verdicts } = found;
        onVerdicts?.(verdicts);
        if (ruled.tally !== before) {
          tellTally();
          counted.note(ruled.tally, before);
        }
        [lives, events] = lifeStep(lives, { judged, frame: facts, now: clock.now() }, lifeOptions);
        open = tracks.filter(({ ended }) => !ended);
        scene.note(tracker, time);
        rate.looked(time);
        if (events.length > 0) await sendOf(events, frame);
        if (closed) return; // what comes after this lane may hide what the frame shows
        onFrame?.(reportOf(frame, seen, performance.now() - began));
        shown = judged.filter(({ track }) => !track.ended);
        onShown?.(frame, shown);
        meter.looked();
      } catch (error) {
        meter.drop('failed');
        log.error({ camera, error: asError(error).message }, 'a frame could not be judged');
      } finally {
        back(frame);
      }
    },
    drop(frame, reason) {
      meter.drop(reason);
      if (!closed && (reason === 'gated' || reason === 'off')) onShown?.(frame, shown);
      back(frame);
    },
    setMotion(isMoving) {
      if (closed || motion === undefined || motion === isMoving) return;
      motion = isMoving;
      tellTally();
    },
    setScores(labels) {
      rules = compileRules({ ...options.rules, labels });
    },
    clipIsDone: (track) => tell({ track, reason: 'clip' }),
    sourceEnded() {
      sourceIsOver = true;
      if (pending === 0 && !closed) end('end-of-file');
    },
    setState(next) {
      state = next;
      const isBlind = next.state === 'stalled' || next.state === 'offline';
      const isOver = next.reason === 'end-of-file' || next.reason === 'stopped'; // has an end of its own
      if (isBlind && !isOver && !closed) {
        lostAt = clock.now();
        end('source-lost');
      }
      this.reportState();
    },
    setHealth(next) {
      health = next;
      this.reportState();
    },
    get report() {
      if (state === undefined || closed) return undefined;
      return { ...state, fps: rate.at(clock.now()), frames: meter.totals, health, refused: ruled.refused };
    },
    reportState() {
      const { report } = this;
      if (report === undefined) return;
      tellTally();
      for (const sink of sinks) sink.state(report);
    },
    close() {
      if (!closed) {
        end('stopped');
        closed = true;
        meter.flush();
      }
      return dispatch.sent();
    },
  };
}

/** A square in 0..1 of its picture. */
function boxOf(square: Square, { width, height }: Frame): Box {
  return [square.x / width, square.y / height, square.width / width, square.height / height];
}

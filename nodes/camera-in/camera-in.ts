import { catchError, defer, EMPTY, filter, finalize, map, type Observable, Subject, switchMap } from 'rxjs';
import type { CameraState } from '../../src/core/camera-state.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import { isoTime } from '../../src/core/iso-time.ts';
import { createChildren } from '../../src/ffmpeg/children.ts';
import { privacyMask } from '../../src/media/mask.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { copiedSource } from '../../src/pipeline/copied-source.ts';
import { cameraFrames } from '../../src/streams/camera-frames.ts';
import { shelfSlots } from '../../src/streams/frame-shelf.ts';
import { frameMeter } from '../../src/streams/meter.ts';
import { cameraOf } from '../lib/camera-node.ts';
import { sharedFfmpeg } from '../lib/ffmpeg.ts';
import { createHandleMaker, KEPT_MS } from '../lib/frame-handle.ts';
import { inWords, switchFrom } from '../lib/io.ts';
import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { cannotRead, createBadge, sees, stateOf } from '../lib/status.ts';

interface CameraInDef extends NodeDef {
  /** Id of the falconet-camera config node. */
  readonly camera: string;
  /** It reads the camera from the deploy on, not only when a message asks it to. */
  readonly autostart: boolean;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** Places beside those that handles may ask for: one frame arrives while others are looked at. */
const SPARE_SLOTS = 4;

/** `falconet-camera-in`: a camera's frames as handles on the first output, its states on the second. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-camera-in', function (this: RedNode, def: CameraInDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    const children = createChildren();
    const handles = createHandleMaker();
    let own: readonly string[] = [];
    const log = nodeLog(this, () => own);
    let isReplayed = false;
    let isOn = false;

    const sendState = (state: CameraState): void => {
      badge.show(stateOf(state));
      const payload = { ...state, since: isoTime(state.since) };
      this.send([null, { topic: state.camera, payload }]);
    };
    const sendFrame = (frame: Frame): void => {
      badge.show(sees(frame));
      const { camera, seq, pts, wallTime, width, height } = frame;
      const payload = { camera, seq, pts, time: isoTime(wallTime), width, height };
      this.send([{ topic: camera, payload, frame: handles.handle(frame, isReplayed) }, null]);
    };
    const frames: Observable<Frame> = defer(async () => {
      isOn = true;
      return {
        camera: cameraOf(RED, migrated<CameraInDef>(def, []).camera),
        ffmpeg: await sharedFfmpeg(log),
      };
    }).pipe(
      switchMap(({ camera: { name, source, settings, secrets }, ffmpeg }) => {
        isReplayed = source.kind === 'file';
        own = secrets;
        const { privacy } = settings.masks;
        const copied = copiedSource({ source, privacy });
        const meter = frameMeter({ camera: name, log });
        handles.begin({ meter, video: copied && { source: copied, ffmpeg, secrets } });
        const mask = privacy.length === 0 ? undefined : privacyMask(privacy);
        return cameraFrames({
          camera: name,
          source,
          fps: settings.fps,
          slots: shelfSlots(KEPT_MS, settings.fps) + SPARE_SLOTS,
          ffmpeg,
          children,
          decode: decodePicture,
          clock: systemClock,
          log,
          secrets,
          onState: sendState,
          onCame: () => meter.came(),
          onDrop: (reason, count) => meter.drop(reason, count),
        }).pipe(
          map((frame) => {
            mask?.paint(frame);
            return frame;
          }),
          finalize(() => {
            meter.flush();
            handles.end();
          }),
        );
      }),
      catchError((error: unknown) => {
        badge.show(cannotRead(error));
        this.error(inWords(error).message, {});
        return EMPTY; // until a message starts it again
      }),
      finalize(() => {
        isOn = false;
      }),
    );

    const switches = new Subject<boolean>();
    const running = switches
      .pipe(
        filter((on) => !(on && isOn)), // to start it anew would end what is open
        switchMap((on) => (on ? frames : EMPTY)),
      )
      .subscribe({
        next: sendFrame,
        error: (error: unknown) => this.error(inWords(error).message),
      });
    // Before that, who gets the frames and who catches the errors may not be there.
    const start = (): void => switches.next(true);
    if (def.autostart) RED.events.once('flows:started', start);

    this.on('input', (msg, _send, done) => {
      try {
        switches.next(switchFrom(msg.payload));
        done();
      } catch (error) {
        done(inWords(error));
      }
    });
    this.on('close', (_removed, done) => {
      RED.events.off('flows:started', start);
      running.unsubscribe();
      badge.close();
      handles.close();
      void children.closeAll().then(() => done());
    });
  });
}

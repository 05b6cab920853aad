import { filter, merge, Subject } from 'rxjs';
import { numberFrom } from '../../src/config/fields.ts';
import { detectSettings } from '../../src/config/node-settings.ts';
import type { Detection, Detector } from '../../src/core/detection.ts';
import { asError, FalconetError } from '../../src/core/error.ts';
import type { Picture } from '../../src/media/image.ts';
import { inOrder, type RefuseReason } from '../../src/streams/in-order.ts';
import { microBatch } from '../../src/streams/micro-batch.ts';
import { FrameHandle, readingOf } from '../lib/frame-handle.ts';
import { type DetectorFacts, inWords, isPicture, readPicture } from '../lib/io.ts';
import { migrated } from '../lib/migrate.ts';
import { detectorOf } from '../lib/model-node.ts';
import type { Done, Message, NodeDef, NodeRed, RedNode, Send } from '../lib/node-red.ts';
import { createBadge, failed, found, loading, ready } from '../lib/status.ts';

interface DetectDef extends NodeDef {
  /** Id of the falconet-model config node, which owns the detector. */
  readonly model: string;
  /** Least score of a detection, as a text. */
  readonly score: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

interface Input {
  readonly msg: Message;
  readonly send: Send;
  readonly done: Done;
}

interface Answer {
  /** Those that reach the least score. */
  readonly payload: readonly Detection[];
  /** The others: a track goes on with them, and begins where one of its labels asks for as little. */
  readonly weak: readonly Detection[];
  readonly detector: DetectorFacts;
  readonly picture: { readonly width: number; readonly height: number };
}

type FrameInput = Input & { readonly msg: { readonly frame: FrameHandle } };

type Outcome = Input & ({ readonly answer: Answer } | { readonly error: unknown });

interface Eye {
  readonly detector: Detector;
  readonly score: number;
}

/** Pictures that are under way or wait; one of a phone has some 5 MB. */
const MOST_WAITING = 32;

/**
 * `falconet-detect`: a picture in, what is to be seen on it out. Every picture is answered, in their order. A camera's
 * frames come for ever: of those that wait, only the newest of each camera is looked at.
 */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-detect', function (this: RedNode, def: DetectDef) {
    RED.nodes.createNode(this, def);
    const badge = createBadge(this);
    const shared = detectorOf(RED, def.model);
    badge.show(loading());
    const eye = openEye(shared.acquire(), def);
    let isLoading = true;
    eye.then(
      ({ detector }) => {
        isLoading = false;
        badge.show(ready(detector.engine.name));
      },
      (error: unknown) => {
        isLoading = false;
        badge.show(failed(error));
        this.error(inWords(error).message);
      },
    );

    const fail = (error: unknown, { done }: Pick<Input, 'done'>): void => {
      badge.show(failed(error));
      done(inWords(error));
    };
    const inputs = new Subject<Input>();
    const pictures = inputs.pipe(
      filter((input) => !hasFrame(input)),
      inOrder(
        {
          runs: 2 * shared.processes,
          most: MOST_WAITING,
          onRefuse: (input, why) => fail(refusal(why), input),
        },
        (input) => look(eye, input),
      ),
    );
    const frames = inputs.pipe(
      filter(hasFrame),
      microBatch(
        {
          size: 1,
          runs: shared.processes + 1,
          keyOf: ({ msg }) => msg.frame.camera,
          onDrop: passOver,
        },
        async (batch) => Promise.all(batch.map((input) => look(eye, input))),
      ),
    );
    const running = merge(pictures, frames).subscribe({
      next: (outcome) => {
        if ('error' in outcome) return fail(outcome.error, outcome);
        badge.show(found(outcome.answer.payload));
        answer(outcome, outcome.answer);
      },
      error: (error: unknown) => this.error(inWords(error).message),
    });

    this.on('input', (msg, send, done) => {
      const input = { msg, send, done };
      if (isLoading && hasFrame(input))
        passOver(input); // it would be too old by then, and others come
      else inputs.next(input);
    });
    this.on('close', (_removed, done) => {
      running.unsubscribe();
      badge.close();
      void shared.release().then(done);
    });
  });
}

async function openEye(opening: Promise<Detector>, def: DetectDef): Promise<Eye> {
  const { score } = migrated<DetectDef>(def, []);
  const detector = await opening;
  return { detector, ...detectSettings({ score: numberFrom(score) }) };
}

async function look(eye: Promise<Eye>, input: Input): Promise<Outcome> {
  try {
    const { detector, score: least } = await eye;
    const see = async (picture: Picture): Promise<Answer> => {
      const [detections = []] = await detector.detect([{ frame: picture }]);
      const { width, height } = picture;
      const { model, engine, labels } = detector;
      const { payload = [], weak = [] } = Object.groupBy(detections, ({ score }) =>
        score >= least ? 'payload' : 'weak',
      );
      return { payload, weak, picture: { width, height }, detector: { model, engine, labels } };
    };
    const answer = hasFrame(input)
      ? await input.msg.frame.use(see)
      : await see(await readPicture(input.msg.payload));
    return { ...input, answer };
  } catch (error) {
    return { ...input, error };
  }
}

/** What another node put into the payload since, such as a part of the frame, goes first. */
function hasFrame(input: Input): input is FrameInput {
  return input.msg['frame'] instanceof FrameHandle && !isPicture(input.msg.payload);
}

/** A newer frame of its camera goes first, or will. */
function passOver({ msg, done }: FrameInput): void {
  readingOf(msg.frame)?.meter.drop('late');
  done();
}

/** What fails while a message is cloned for its wires is this message's failure. */
function answer({ msg, send, done }: Input, found: Answer): void {
  let fault: Error | undefined;
  try {
    send({ ...msg, ...found });
  } catch (error) {
    fault = asError(error);
  }
  done(fault);
}

function refusal(why: RefuseReason): FalconetError {
  if (why === 'left') return new FalconetError('ENGINE_ENDED', 'stopped before the picture was looked at');
  return new FalconetError('ENGINE_BUSY', `expected at most ${MOST_WAITING} pictures to wait, got one more`, {
    hint: 'Send fewer pictures, or give the model more processes',
  });
}

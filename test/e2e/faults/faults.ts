import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { CAMERAS, type Heard, PASSWORD, type State, USER, VICTIM } from './cast.ts';
import type { House } from './house.ts';

/** Something that happens to a house, and how one hears of it. */
export interface Fault {
  readonly name: string;
  /** Takes so long that only the whole table has it. @default false */
  readonly isLong?: boolean;
  /** Why it cannot happen in this house, if so. */
  readonly impossible?: (house: House) => string | undefined;
  /** @returns what takes the cause away; nothing where the gateway has to help itself. */
  readonly strike: (house: House) => Mend | Promise<Mend>;
  /** Whether the gateway has told it. */
  readonly isTold: (heard: Heard) => boolean;
  /** Whether all is well, by what was heard since the mending. */
  readonly isWell: (heard: Heard) => boolean;
}

export type Mend = (() => unknown) | undefined;

const stateIs =
  (state: State['state'], reason: State['reason']) =>
  ({ states }: Heard): boolean =>
    states.some((told) => told.camera === VICTIM && told.state === state && told.reason === reason);
const isOnline = stateIs('online', 'frames');
const says =
  (sentence: RegExp) =>
  ({ lines }: Heard): boolean =>
    lines.some(({ msg }) => sentence.test(msg));
/** The broker has every state again. */
const isGreeted = (heard: Heard): boolean =>
  says(/^mqtt: connected/)(heard) &&
  CAMERAS.every((name) => heard.states.some(({ camera }) => camera === name));
const isWrittenAgain = ({ written }: Heard): boolean => written > 0;
const isNotWritten = says(/^file: cannot be written/);

/**
 * In an order in which none leaves the log busy with a sentence that the next one waits for, and the frozen picture has
 * other pictures before it: each session of a camera begins with the same one.
 */
export const faults: readonly Fault[] = [
  {
    name: 'The disk is full, and has room again',
    impossible: ({ disk }) => (disk === undefined ? 'mounting a small disk needs root on Linux' : undefined),
    strike: ({ disk }) => disk?.fill(),
    isTold: isNotWritten,
    isWell: isWrittenAgain,
  },
  {
    name: 'A camera hangs up',
    strike({ cameras }) {
      cameras.drive.drop();
      return undefined;
    },
    isTold: stateIs('offline', 'stream-ended'),
    isWell: isOnline,
  },
  {
    name: 'A camera loses its power, and has it again',
    async strike({ cameras }) {
      await cameras.drive.die();
      return () => cameras.drive.revive();
    },
    isTold: stateIs('offline', 'refused'),
    isWell: isOnline,
  },
  {
    name: 'A camera falls silent, its connection open, and speaks again',
    isLong: true,
    strike({ cameras }) {
      cameras.drive.stall();
      return () => cameras.drive.resume();
    },
    isTold: stateIs('stalled', 'timed-out'),
    isWell: isOnline,
  },
  {
    name: 'A camera gets another password, then the old one again',
    isLong: true,
    strike({ cameras }) {
      cameras.drive.lock({ user: USER, password: 'another' });
      cameras.drive.drop();
      return () => cameras.drive.lock({ user: USER, password: PASSWORD });
    },
    isTold: stateIs('offline', 'wrong-password'),
    isWell: isOnline,
  },
  {
    name: 'The ffmpeg of a camera is killed',
    strike: (house) => signal(house.pidOf('ffmpeg'), 'SIGKILL'),
    isTold: stateIs('offline', 'ffmpeg-failed'),
    isWell: isOnline,
  },
  {
    name: 'The ffmpeg of a camera hangs',
    isLong: true,
    strike: (house) => signal(house.pidOf('ffmpeg'), 'SIGSTOP'),
    isTold: stateIs('stalled', 'timed-out'),
    isWell: isOnline,
  },
  {
    name: 'The engine process is killed',
    strike: (house) => signal(house.pidOf('engine'), 'SIGKILL'),
    isTold: says(/the engine process ended by SIGKILL/),
    isWell: says(/^an engine process looks again/),
  },
  {
    name: 'The engine process hangs',
    isLong: true,
    strike: (house) => signal(house.pidOf('engine'), 'SIGSTOP'),
    isTold: says(/the engine process was killed: no answer/),
    isWell: says(/^an engine process looks again/),
  },
  {
    name: 'A camera shows one and the same picture, then others again',
    isLong: true,
    strike({ cameras }) {
      cameras.drive.freeze();
      return () => cameras.drive.resume();
    },
    isTold: stateIs('stalled', 'frozen-picture'),
    isWell: isOnline,
  },
  {
    name: 'The broker goes, and comes back',
    async strike({ broker }) {
      await broker.goAway();
      return broker.comeBack;
    },
    isTold: says(/^mqtt: connection refused/),
    isWell: isGreeted,
  },
  {
    name: 'The broker falls silent, its connection open, and speaks again',
    isLong: true,
    strike({ broker }) {
      broker.silence();
      return broker.speak;
    },
    isTold: says(/^mqtt: the broker does not answer any more/),
    isWell: isGreeted,
  },
  {
    name: 'Something else is in the place of the folder for events, and goes',
    strike({ eventFolder }) {
      renameSync(eventFolder, `${eventFolder}.aside`);
      writeFileSync(eventFolder, '');
      return () => rmSync(eventFolder);
    },
    isTold: isNotWritten,
    isWell: isWrittenAgain,
  },
];

function signal(pid: number, name: NodeJS.Signals): undefined {
  process.kill(pid, name);
}

/** Every way Falconet can fail on purpose. The prefix names the room that throws. */
export type ErrorCode =
  /** Wrong use of a command: an unknown option, a missing argument. */
  | 'USAGE'
  /** The configuration has mistakes; `facts.issues` lists them all. */
  | 'CONFIG_INVALID'
  /** The configuration file cannot be read. */
  | 'CONFIG_UNREADABLE'
  /** No ffmpeg that runs was found. */
  | 'FFMPEG_MISSING'
  /** A source's ffmpeg could not be started. */
  | 'SOURCE_SPAWN'
  /** A source's ffmpeg ended; `facts.reason` says why in one of the words of core/camera-state.ts. */
  | 'SOURCE_ENDED'
  /** A source gave no frame for too long. */
  | 'SOURCE_STALLED'
  /** A source's address is not one that Falconet takes. */
  | 'SOURCE_ADDRESS'
  /** A source's video cannot be recorded; `facts.codec` says what it is. */
  | 'SOURCE_CODEC'
  /** Bytes that are not the NUT stream they should be. */
  | 'SOURCE_BYTES'
  /** The model's folder, manifest or a file of it is missing. */
  | 'MODEL_MISSING'
  /** The model's manifest, network or weights do not fit together. */
  | 'MODEL_INVALID'
  /** A file of the model is not the one that its manifest names. */
  | 'MODEL_CHECKSUM'
  /** No engine could load the model; `facts.engines` says why for each. */
  | 'ENGINE_NONE'
  /** An engine process ended while it had work. */
  | 'ENGINE_ENDED'
  /** The engine's processes died too often and stay down: nothing will be detected any more. */
  | 'ENGINE_GONE'
  /** An engine process refused its work. */
  | 'ENGINE_FAILED'
  /** More pictures wait for an engine than may; this one was not looked at. */
  | 'ENGINE_BUSY'
  /** A frame was asked for after it had made room for newer ones. */
  | 'FRAME_EXPIRED'
  /** A picture is missing, damaged, too large or of an unknown format. */
  | 'PICTURE_UNREADABLE'
  /** Recorded detections are missing, damaged or of another format. */
  | 'RECORDING_UNREADABLE'
  /** Annotations or detections to judge a model by are missing, damaged or of another form. */
  | 'ANNOTATIONS_INVALID'
  /** A request from outside is none that the gateway takes, or cannot be carried out now. */
  | 'REQUEST_REFUSED'
  /** A clip or a full-size picture could not be made of a recording. */
  | 'CLIP_FAILED'
  /** The dashboard cannot listen on the address that it was given. */
  | 'DASHBOARD_FAILED'
  /** The event store cannot be read. */
  | 'ARCHIVE_FAILED'
  /** The broker cannot be reached or refuses. */
  | 'SINK_OFFLINE'
  /** A sink took the event and could not keep it. */
  | 'SINK_WRITE';

export interface ErrorInit {
  /** What the operator can do about it: one imperative sentence, no trailing period. */
  readonly hint?: string;
  /** Facts for logs and tests: exit codes, shapes, topics. Never a URL with credentials. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class of the project; branch on `code`, never on `message`. */
export class FalconetError extends Error {
  override readonly name = 'FalconetError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, init: ErrorInit = {}) {
    super(`${message} (${code})`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.hint = init.hint;
    this.facts = init.facts ?? {};
  }
}

/** Code and hint of a failure, for a line of the log; none of an error that is not ours. */
export function errorFacts(error: unknown): {
  readonly code?: ErrorCode;
  readonly hint?: string | undefined;
} {
  return error instanceof FalconetError ? { code: error.code, hint: error.hint } : {};
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

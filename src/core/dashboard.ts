// What the dashboard's page and its server tell each other.
import type { StateReport } from './camera-state.ts';
import type { Point, Polygon } from './polygon.ts';
import type { FalconetEvent } from './schema/event.ts';
import type { Tally } from './tally.ts';
import type { Track } from './track.ts';

/** What is drawn over a camera's picture, and what can be asked for. */
export interface CameraView {
  readonly camera: string;
  /** Frames looked at, a second, as configured; null where the page's server is not the one that reads the camera. */
  readonly fps: number | null;
  readonly zones: readonly { readonly name: string; readonly polygon: Polygon }[];
  readonly lines: readonly { readonly name: string; readonly from: Point; readonly to: Point }[];
  readonly privacy: readonly Polygon[];
}

/**
 * What takes time, in order: a frame waits for the engine and is in it, tracks and rules judge it; `frame` is all of
 * that, of quiet frames too. `event` is from a frame's arrival to the event that begins with it.
 */
export type Stage = 'wait' | 'engine' | 'judge' | 'frame' | 'event';

/** ms. */
export interface Took {
  readonly medianMs: number;
  /** One in twenty took longer. */
  readonly p95Ms: number;
}

export interface CameraFigures {
  /** How often it was lost while it was online, since the gateway's start. */
  readonly outages: number;
  /** Of the last minute, of events the last hour; without the stages that none went through, or nobody measures. */
  readonly took: Readonly<Partial<Record<Stage, Took>>>;
}

/** Deliveries of a sink. */
export interface SinkFigures {
  readonly name: string;
  /** Or being written. */
  readonly waiting: number;
  /** Given up, since too many waited or for too long. */
  readonly dropped: number;
  /** Could not be written. */
  readonly failed: number;
}

export interface GatewayFacts {
  readonly gateway: string;
  readonly version: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** null before it is known, `processes` also where others look after them. */
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly processes: number | null;
  } | null;
  /** null before it is known. */
  readonly model: string | null;
  readonly labels: readonly string[];
  /** Of the gateway's own process, bytes. */
  readonly memoryBytes: number;
  /** Of the processes below it by their program, bytes; empty where the system does not tell. */
  readonly childrenBytes: Readonly<Record<string, number>>;
  /** By camera. */
  readonly figures: Readonly<Record<string, CameraFigures>>;
  /** Where events go; none where others look after that. */
  readonly sinks: readonly SinkFigures[];
  /** Each camera's state with the figures of now. */
  readonly states: readonly StateReport[];
  /** Everyone who looks at the page now. */
  readonly viewers: number;
}

export type Role = 'view' | 'admin';

/** Who asks. */
export interface SessionFacts {
  /** Nobody needs to log in. */
  readonly isOpen: boolean;
  readonly user: string | null;
  /** null: log in first. */
  readonly role: Role | null;
  /** Zones, lines and masks can be drawn. */
  readonly canEdit: boolean;
}

/** One page of the history, newest start first. */
export interface EventPage {
  /** The newest message of each life. */
  readonly events: readonly FalconetEvent[];
  /** There may be older ones: ask again with `before` at this. */
  readonly before: string | null;
}

/** What the page hears of without asking. */
export type Told =
  /** The connection is there: a page sees no pings, and where the gateway lost its power no end of it either. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'cameras'; readonly cameras: readonly CameraView[] }
  | { readonly kind: 'state'; readonly state: StateReport }
  | { readonly kind: 'tally'; readonly camera: string; readonly tally: Tally | null }
  | { readonly kind: 'event'; readonly event: FalconetEvent }
  /** There is no video to copy of this camera: pictures follow. */
  | { readonly kind: 'no-video'; readonly camera: string }
  | {
      readonly kind: 'tracks';
      readonly camera: string;
      readonly at: number;
      readonly tracks: readonly ShownTrack[];
    };

/** Stands before the bytes of a binary message, as JSON, after its own length in four bytes, big end first. */
export type BytesHead =
  | {
      readonly kind: 'picture';
      readonly camera: string;
      readonly seq: number;
      /** Arrival, ms since the epoch. */
      readonly at: number;
      readonly width: number;
      readonly height: number;
      readonly tracks: readonly ShownTrack[];
    }
  | { readonly kind: 'video-start'; readonly camera: string; readonly mime: string }
  | { readonly kind: 'video'; readonly camera: string; readonly at: number };

export interface ShownTrack extends Pick<Track, 'id' | 'label' | 'box' | 'path' | 'stationary'> {
  readonly score: number;
  /** The rules ask for it. */
  readonly isEvent: boolean;
}

/** What the page asks for: what it wants to see from now on, and nothing else. */
export interface Wish {
  readonly watch: readonly {
    readonly camera: string;
    /** The browser can play copied video. */
    readonly video: boolean;
  }[];
}

import { randomBytes } from 'node:crypto';
import type { AccessUnit } from './annex-b.ts';

/** What a test can do to a camera's pictures while it runs; connections stay. */
export interface Faults {
  /** Pictures stop; the camera still answers requests. */
  stall(): void;
  /** The last key frame is sent over and over, with the time going on. */
  freeze(): void;
  /** Every byte of a picture but the first of each NAL unit is drawn by lot. */
  garble(): void;
  /** Another clip's pictures from their start on, whatever their size; for cameras with one client. */
  show(units: readonly AccessUnit[]): void;
  /** Pictures go on, where the clip would be by now. */
  resume(): void;
}

/** Decides what becomes of a picture on its way out: sent as it is, as another one, or not at all. */
export type Outgoing = (unit: AccessUnit) => AccessUnit | undefined;

/** Every picture of every connection passes `outgoing`: here is the place for further faults. */
export function faultsOf(): { readonly faults: Faults; readonly outgoing: Outgoing } {
  const asItIs: Outgoing = (unit) => unit;
  let fault = asItIs;
  let lastKey: AccessUnit | undefined;
  return {
    faults: {
      stall() {
        fault = () => undefined;
      },
      freeze() {
        const still = lastKey;
        fault = () => still;
      },
      garble() {
        fault = garbled;
      },
      show(units) {
        let n = 0;
        fault = () => units[n++ % units.length];
      },
      resume() {
        fault = asItIs;
      },
    },
    outgoing(unit) {
      if (unit.isKey) lastKey = unit;
      return fault(unit);
    },
  };
}

function garbled({ nals, isKey }: AccessUnit): AccessUnit {
  return {
    nals: nals.map((nal) => Buffer.concat([nal.subarray(0, 1), randomBytes(nal.length - 1)])),
    isKey,
  };
}

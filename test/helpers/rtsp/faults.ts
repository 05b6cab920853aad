import type { AccessUnit } from './annex-b.ts';

/** What a test can do to a camera while it runs. */
export interface Faults {
  /** Pictures stop; connections stay, and the camera still answers requests. */
  stall(): void;
  /** Pictures go on, where the clip would be by now. */
  resume(): void;
  /** Cuts every connection, as a lost network or a reboot does. New ones are taken. */
  drop(): void;
}

/** Decides what becomes of a picture on its way out: sent as it is, as another one, or not at all. */
export type Outgoing = (unit: AccessUnit) => AccessUnit | undefined;

/** Every picture of every connection passes `outgoing`: here is the place for further faults. */
export function faultsOf(cutAll: () => void): { readonly faults: Faults; readonly outgoing: Outgoing } {
  let isStalled = false;
  return {
    faults: {
      stall() {
        isStalled = true;
      },
      resume() {
        isStalled = false;
      },
      drop: cutAll,
    },
    outgoing: (unit) => (isStalled ? undefined : unit),
  };
}

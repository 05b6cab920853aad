type Write = (facts: Readonly<Record<string, unknown>>, sentence: string) => void;

/** What a room needs to log: facts first, then one sentence. Nothing logs per frame. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

function ignore(): void {}

export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

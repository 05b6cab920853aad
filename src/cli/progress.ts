/** Says what a command is at, on a line that is written over and taken away at the end. */
export interface Progress {
  at(what: string): void;
  end(): void;
}

/** Silent where `out` is no terminal: a log wants results. */
export function progressOn(out: NodeJS.WriteStream): Progress {
  const clear = (): void => {
    out.write('\r\x1b[K');
  };
  if (!out.isTTY) return { at() {}, end() {} };
  return {
    at(what) {
      clear();
      out.write(what.slice(0, out.columns - 1));
    },
    end: clear,
  };
}

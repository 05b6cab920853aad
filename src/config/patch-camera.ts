import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, type Pair, parseDocument } from 'yaml';
import { patchLines } from './patch-lines.ts';
import { printYaml } from './print-yaml.ts';

export interface Change {
  readonly text: string;
  /** A print of the text. */
  readonly before: string;
  /** What the text is to say. */
  readonly after: Document;
  /** Nothing differs but in this one. */
  readonly camera: string;
}

/** Blanks before each camera; prints have as many, so that their lines fit into the text. @default 2 */
export function indentOf(text: string): number {
  const { items } = camerasIn(text);
  return columnOf(text, items[0]) || 2;
}

/**
 * A text with what a document says of a camera: the lines of all others stay as they are, and so do those of the camera
 * that do not differ, where its text and print can be told line by line. Whatever cannot be put in so is printed anew.
 */
export function patchCamera({ text, before, after, camera }: Change): string {
  const whole = printYaml(after, { indent: indentOf(text) });
  const [own, old, next] = [cut(text, camera), cut(before, camera), cut(whole, camera)];
  const bodies = [patchLines(own.body, old.body, next.body), next.body];
  const patched = bodies.flatMap((body) => (body === undefined ? [] : [own.head + body + own.tail]));
  return patched.find((candidate) => says(candidate, after)) ?? whole;
}

interface Cut {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
}

/** A text cut before and after a camera's lines; all of it is one piece where cameras do not begin lines. */
function cut(text: string, camera: string): Cut {
  const { items, end } = camerasIn(text);
  const at = items.findIndex(({ key }) => isScalar(key) && String(key.value) === camera);
  const [first, last] = [lineOf(text, items[at]), at + 1 < items.length ? lineOf(text, items[at + 1]) : end];
  if (first === undefined || last === undefined) return { head: '', body: text, tail: '' };
  return { head: text.slice(0, first), body: text.slice(first, last), tail: text.slice(last) };
}

/** The cameras, and where the next key of the configuration begins. */
function camerasIn(text: string): { readonly items: readonly Pair[]; readonly end: number | undefined } {
  const { contents } = parseDocument(text);
  const keys = isMap(contents) ? contents.items : [];
  const at = keys.findIndex(({ key }) => isScalar(key) && key.value === 'cameras');
  const cameras = keys[at]?.value;
  return {
    items: isMap(cameras) ? cameras.items : [],
    end: at + 1 < keys.length ? lineOf(text, keys[at + 1]) : text.length,
  };
}

/** Where the line of an entry begins; undefined where something else stands before it. */
function lineOf(text: string, pair: Pair | undefined): number | undefined {
  const column = columnOf(text, pair);
  return column === undefined ? undefined : startOf(pair) - column;
}

function columnOf(text: string, pair: Pair | undefined): number | undefined {
  if (pair === undefined) return undefined;
  const start = startOf(pair);
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return before.trim() === '' ? before.length : undefined;
}

function startOf(pair: Pair | undefined): number {
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function says(text: string, document: Document): boolean {
  const read = parseDocument(text);
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), document.toJS());
}

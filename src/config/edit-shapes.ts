import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { FalconetError } from '../core/error.ts';
import type { CameraShapes } from '../core/shape-editor.ts';
import { indentOf, patchCamera } from './patch-camera.ts';
import { printYaml } from './print-yaml.ts';

type Path = readonly string[];

const MASKS = ['object', 'motion', 'privacy'] as const;

/**
 * Zones, lines and masks of a camera in the text of a configuration, as they stand there.
 *
 * @throws REQUEST_REFUSED for a camera that is not there, or a text that is no YAML.
 */
export function shapesIn(text: string, camera: string): CameraShapes {
  const document = documentOf(text);
  placeOf(document, camera);
  const at = (path: Path): unknown => {
    const node = nodeAt(document, ['cameras', camera, ...path]);
    return isCollection(node) || isAlias(node) ? node.toJS(document) : undefined;
  };
  const [zones, lines] = [at(['zones']), at(['lines'])];
  const masks = MASKS.flatMap((kind) => {
    const polygons = at(['masks', kind]);
    return Array.isArray(polygons) ? [[kind, polygons] as const] : [];
  });
  return {
    ...(isRecord(zones) && { zones }),
    ...(isRecord(lines) && { lines }),
    ...(masks.length > 0 && { masks: Object.fromEntries(masks) }),
  };
}

/**
 * The text with other shapes; all else in it, comments and placeholders included, stays as it is, and so do shapes that
 * are left out. Polygons stand in one line.
 *
 * @throws REQUEST_REFUSED for a camera that is not there, a text that is no YAML, a place that the file shares by an
 *   anchor, or a placeholder that the camera's shapes did not have.
 */
export function withShapes(text: string, camera: string, shapes: CameraShapes): string {
  const { zones, lines, masks } = shapes;
  const plain = text.replaceAll('\r\n', '\n');
  refuseNewPlaceholders(shapes, shapesIn(plain, camera));
  const document = documentOf(plain);
  const indent = indentOf(plain);
  const before = printYaml(document, { indent });
  const set = (path: Path, value: unknown): void => merge(document, ['cameras', camera, ...path], value);
  if (zones !== undefined) set(['zones'], orNothing(zones));
  if (lines !== undefined) set(['lines'], orNothing(lines));
  for (const kind of MASKS) {
    const polygons = masks?.[kind];
    if (polygons !== undefined) set(['masks', kind], polygons.length === 0 ? undefined : polygons);
  }
  const left = ['cameras', camera, 'masks'];
  const node = nodeAt(document, left);
  if (isMap(node) && node.items.length === 0) document.deleteIn(keysOf(document, left));
  const isSame = printYaml(document, { indent }) === before;
  const written = isSame ? plain : patchCamera({ text: plain, before, after: document, camera });
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}

/** Whoever draws is not to learn, from what the gateway says then, of its environment and of other files. */
function refuseNewPlaceholders(wanted: CameraShapes, known: CameraShapes): void {
  const had = placeholdersIn(known);
  for (const placeholder of placeholdersIn(wanted)) {
    if (had.has(placeholder)) continue;
    throw new FalconetError('REQUEST_REFUSED', `expected no placeholder in a drawing, got ${placeholder}`, {
      hint: 'Edit the file itself',
    });
  }
}

function placeholdersIn(shapes: CameraShapes): ReadonlySet<string> {
  return new Set(JSON.stringify(shapes).match(/\$\{[^}]*\}/g));
}

function documentOf(text: string): Document {
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length === 0) return document;
  throw new FalconetError('REQUEST_REFUSED', 'the configuration file is no YAML as it stands now', {
    hint: 'falconet check names the line',
  });
}

/** Names as the keys that the document has for them: a camera `1` stands there as a number. */
function keysOf(document: Document, path: Path): unknown[] {
  let node: unknown = document.contents;
  return path.map((name) => {
    const pairs = isMap(node) ? node.items : [];
    const pair = pairs.find(({ key }) => isScalar(key) && String(key.value) === name);
    node = pair?.value;
    return isScalar(pair?.key) ? pair.key.value : name;
  });
}

function nodeAt(document: Document, path: Path): unknown {
  return document.getIn(keysOf(document, path), true);
}

function placeOf(document: Document, camera: string): void {
  const node = nodeAt(document, ['cameras', camera]);
  if (isAlias(node)) throw shared(['cameras', camera]);
  if (!isMap(node))
    throw new FalconetError('REQUEST_REFUSED', `expected a camera of the file, got ${camera}`);
}

/** Changes only what differs, from the outside to the inside. */
function merge(document: Document, path: Path, value: unknown): void {
  const node = nodeAt(document, path);
  if (isDeepStrictEqual(isCollection(node) || isAlias(node) ? node.toJS(document) : node, value)) return;
  const above = nodeAt(document, path.slice(0, -1));
  if (isAlias(node) || isAlias(above) || (isCollection(node) && holdsAnchor(node))) throw shared(path);
  if (value === undefined) {
    document.deleteIn(keysOf(document, path));
    return;
  }
  if (isMap(node) && isRecord(value)) {
    const keys = node.items.map(({ key }) => String(key));
    for (const key of new Set([...keys, ...Object.keys(value)])) merge(document, [...path, key], value[key]);
    return;
  }
  const made = document.createNode(value);
  visit(made, {
    Seq(_, seq) {
      seq.flow = true;
    },
  });
  if (isSeq(made)) made.flow = true;
  document.setIn(keysOf(document, path), made);
}

/** Whoever changes what has an anchor changes another place too. */
function holdsAnchor(node: Parameters<typeof visit>[0]): boolean {
  let found = false;
  visit(node, {
    Node(_, { anchor }: { anchor?: string }) {
      if (anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  } as Parameters<typeof visit>[1]);
  return found;
}

function orNothing(value: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(value).length === 0 ? undefined : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shared(path: Path): FalconetError {
  return new FalconetError(
    'REQUEST_REFUSED',
    `expected ${path.join('.')} to be a place of its own, but the file shares it by an anchor`,
    { hint: 'Edit the file itself' },
  );
}

import { invalid } from './expect.ts';

/** An element of an XML file: attributes are not kept, VOC has none. */
export interface XmlElement {
  readonly name: string;
  /** All text directly within, without the white space around. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** Comment, declaration or CDATA; a tag; or a text between them (XML 1.0, sections 2.4 to 3.1). */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/]+)[^<>]*?(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The root element of a small XML file, as annotation tools write them: no namespaces, no entities but XML's own.
 *
 * @param place - the file's name, for messages.
 * @throws ANNOTATIONS_INVALID when the file is no XML or ends before its root element does.
 */
export function readXml(text: string, place: string): XmlElement {
  const xml = text.replace(/^\uFEFF/, '');
  const top: Open = { name: '', text: '', children: [] };
  const open: Open[] = [top];
  let end = 0;
  for (const token of xml.matchAll(TOKEN)) {
    end = token.index + token[0].length;
    take(token, open, place);
  }
  const [root, ...others] = top.children;
  if (root === undefined || others.length > 0 || open.length > 1 || end < xml.length) {
    throw invalid(place, 'one XML element that ends', xml.slice(end, end + 40));
  }
  return root;
}

function take(token: RegExpExecArray, open: Open[], place: string): void {
  const [, literal, closing, name, empty, text] = token;
  const inner = open.at(-1) as Open;
  if (literal !== undefined) inner.text += literal;
  else if (text !== undefined) inner.text += unescaped(text);
  else if (name !== undefined && closing === '') {
    const element: Open = { name, text: '', children: [] };
    inner.children.push(element);
    if (empty === '') open.push(element);
  } else if (name !== undefined) {
    if (open.length === 1 || inner.name !== name) throw invalid(place, `</${inner.name}>`, `</${name}>`);
    inner.text = inner.text.trim();
    open.pop();
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
